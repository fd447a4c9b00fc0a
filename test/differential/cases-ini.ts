import type { Case } from './compare.ts';

const ini = (text: string | Buffer): Case => ({ files: { hosts: text } });

/** INI inventories, each about one thing. */
export const INI_CASES: Readonly<Record<string, Case>> = {
  plain: ini('[web]\nw1\nw2\n\n[db]\nd1\n'),
  empty: ini(''),
  'only comments': ini('# nothing\n; here\n'),
  'hosts before any section': ini('z1\na1 x=1\n[web]\nw1\n'),
  'hosts before and in a section': ini('w1 x=1\n[web]\nw1 y=2\n'),
  'number ranges': ini('[hv]\nhv-[01:12].example.org\nk[1:9:3]\nb[:3]\nl[8:12]\nz[008:011]\n'),
  'letter ranges': ini('[hv]\nhv-[a:e]\nup[X:Z]\nmix[y:B]\nstep[a:i:4]\n'),
  'several ranges in one name': ini('[hv]\nr[1:2]-s[a:c].p[01:02] x=1\n'),
  'ranges with ports': ini('[hv]\nhv[1:3]:2222 x=1\n'),
  'nested children': ini(
    '[a]\nh1\n[b]\nh2\n[c:children]\na\nb\n[d:children]\nc\n[a:vars]\nv=a\n[c:vars]\nv=c\nw=c\n[d:vars]\nv=d\nw=d\nx=d\n[all:vars]\nv=all\nx=all\ny=all\n',
  ),
  'children before their sections': ini(
    '[d:children]\nc\nb\n[b]\nh2\n[c:children]\na\n[a]\nh1\n[c:vars]\nx=1\n',
  ),
  'a diamond': ini(
    '[top:children]\nleft\nright\n[left:children]\nlow\n[right:children]\nlow\n[low]\nh\n[left:vars]\nv=l\n[right:vars]\nv=r\n',
  ),
  'groups of one depth': ini('[b]\nh\n[a]\nh\n[c]\nh\n[a:vars]\nv=a\n[b:vars]\nv=b\n[c:vars]\nw=c\n'),
  priorities: ini(
    '[b]\nh\n[a]\nh\n[a:vars]\nv=a\nansible_group_priority=10\n[b:vars]\nv=b\nansible_group_priority=-3\n[c]\nh\n[c:vars]\nv=c\n',
  ),
  'repeated sections': ini('[web]\nw1\n[db]\nd1\n[web]\nw2\nw1\n[web:vars]\nx=1\n[web:vars]\nx=2\ny=3\n'),
  'repeated hosts': ini('[web]\nw1 x=1 y=1\n[db]\nw1 x=2\nw1 z=3\n'),
  'explicit parts': ini('[web:hosts]\nw1\n[web:vars]\na=1\n[site:children]\nweb\n'),
  'an all section': ini('[all]\na1\na2\n[web]\na1\n[all:vars]\nx=1\n'),
  'an ungrouped section': ini('[ungrouped]\nu1\n[web]\nw1\n[ungrouped:vars]\nx=1\n'),
  'children of all': ini('[all:children]\nweb\nsite\n[web]\nw1\n[db]\nd1\n[site:children]\ndb\n'),
  ports: ini('[web]\na:22\nb:2222 ansible_port=1\nc ansible_port=3\na:23\n'),
  'IPv4 and IPv6': ini(
    '192.0.2.1\n192.0.2.2:2200\n2001:db8::1\n[2001:db8::2]:2200 x=1\n::1\nfe80::[1:3]\n[2001:db8::a]:22\n',
  ),
  'names in brackets': ini('[web]\n[host-a]:2200 x=1\n[host-b]:22 #\n'),
  quoting: ini(
    `h a='b c' b="d e" c='"q"' d="'q'" e=x"y z"w f='it'"'"'s' g="a\\"b" h='a\\b' i=a\\ b j="a\\\\b" k="" l='' m=\\\\\n`,
  ),
  'quoting in vars': ini(
    `[web]\nh\n[web:vars]\na='b c'\nb="d"\nc='"q"'\nd = spaced out \ne="a\\tb"\nf='a\\tb'\ng="x" 'y'\nh=r'\\d'\ni=""\nj=\nk="open\nl=a=b=c\n`,
  ),
  comments: ini(
    '# c\n; c\n  # c\nh1 a=1 # c\nh2 a="#1" b=x#y c=z;w # end\nh3#c\nh4 a=1;b\n[web] # c\nw1\n[web:vars] # c\na=1 # c\nb=x # y\nc=x;y ; z\nd="q" # c\n[site:children] # c\nweb # c\n',
  ),
  'booleans and None': ini(
    'h a=True b=False c=None d=true e=false f=none g=yes h=no i="True" j="\'True\'"\n',
  ),
  integers: ini(
    '[w]\nh\n[w:vars]\na=1\nb=-1\nc=+1\nd=0\ne=00\nf=007\ng=0755\nh=0x1F\ni=0o17\nj=0b101\nk=1_000\nl=9007199254740993\nm=123456789012345678901234567890\nn=--1\no=- 1\np=1l\nq=0xG\n',
  ),
  floats: ini(
    '[w]\nh\n[w:vars]\na=1.10\nb=1.0\nc=.5\nd=5.\ne=1e3\nf=1E-7\ng=1e400\nh=-1e400\ni=1_0.0_1\nj=1e16\nk=123456789.123456789\nl=0.1\nm=-0.0\nn=1.2.3\no=1e\np=1e22\nq=5e-324\n',
  ),
  'lists, tuples, dicts': ini(
    `[w]\nh\n[w:vars]\na=[1, 'b', None]\nb=(1, 2)\nc=(1)\nd=(1,)\ne=1, 2\nf={'a': 1, 'b': [True, {}]}\ng=[]\nh={}\ni=()\nj={1: 'a', 2.5: 'b'}\nk=['a' 'b']\nl=[1,]\nm={'b': 1, 'a': 2}\nn=[\no={a: b}\np=["\\u00e4", '\\x41', '\\n']\nq={True: 1, False: 0}\nr={'k': (1, (2,))}\n`,
  ),
  'keys that Python cannot sort': ini(
    "z1 x=\"{1:'a','b':2}\"\na1 y=1\n[web]\nz1\n[app]\na1\n[site:children]\nweb\napp\n[web:vars]\nq=1\nc=2\n",
  ),
  'equal keys': ini("[w]\nh\n[w:vars]\nx={1: 'a', True: 'b', 1.0: 'c'}\ny={'a': 1, 'a': 2}\n"),
  'bytes, unicode and raw strings': ini(
    `[w]\nh\n[w:vars]\na=b'x'\nb=u'ä'\nc=r'\\n'\nd=b'\\xc3\\xa4'\ne='a' 'b'\nf='''x'''\n`,
  ),
  'what looks like code': ini(
    `h a=1+1 b=x() c=__import__('os') d=lambda e="{{ x }}" f=1+2j- g=a.b h=[x] i={1,x}\n`,
  ),
  'dotted and dashed names': ini('[web.site-a]\nw-1.example.org a.b=1 c-d=2\n[x_1:children]\nweb.site-a\n'),
  'unicode names': ini('[grüße]\nhöst-ä ключ=значение emoji=🎉\n[東京:children]\ngrüße\n[東京:vars]\nx=ß\n'),
  'order beyond the basic plane': ini('h \u{1f600}=1 \uffee=2 z=3\n'),
  'hostile names': ini(
    '[__proto__]\nconstructor __proto__=1 constructor=2 toString=3\n[constructor]\ntoString\n[toString:children]\n__proto__\n[toString:vars]\nhasOwnProperty=x\nvalueOf=y\n[hasOwnProperty]\n__proto__ a=1\n',
  ),
  'a host called like a group': ini('[web]\nweb x=1\nw1\n[db]\ndb\n[db:vars]\ny=2\n'),
  'names of Ansible itself': ini(
    'h inventory_hostname=x group_names=y groups=z omit=1 playbook_dir=2 ansible_facts=3 inventory_dir=4 a=5\n',
  ),
  'windows line ends': ini('[web]\r\nw1 a=1\r\nw2 b="x y"\r\n[web:vars]\r\nc=1.10\r\nd=x\r\n'),
  'old Mac line ends': ini('[web]\rw1 a=1\r[web:vars]\rc=2\r'),
  'odd line ends': ini('[web]\nw1\u2028w2\u0085w3\vw4\n[web:vars]\nx=1\fy=2\n'),
  'a byte order mark before a comment': ini('# x\n[web]\nw1\n'),
  'no final newline': ini('[web]\nw1 a=1'),
  'no final newline after vars': ini('[web]\nw1\n[web:vars]\na="x"'),
  tabs: ini('\t[web]\n\tw1\ta=1\t\tb="x\ty"\n[web:vars]\n\tc\t=\t1\n'),
  blanks: ini('  [web]  \n  w1   a=1  \n\n\n[web:vars]\n  a b  =  c  \n x   =   y z   \n'),
  'blanks that are not ASCII': ini('[web]\nw1\u00a0\n\u2003w2 a=1\n[web:vars]\nx=\u00a0y\u00a0\n'),
  latin1: ini(Buffer.from('# K\xf6ln\n[web]\nw1\n', 'latin1')),
  'control characters in values': ini('h a="x\u0001y" b="\u007f" c="\\t"\n'),
  'connection variables': ini(
    'h ansible_host=192.0.2.1 ansible_port=2222 ansible_user=root ansible_become=yes ansible_ssh_private_key_file=~/.ssh/k ansible_ssh_common_args="-o ProxyJump=j"\nl ansible_connection=local\n',
  ),
  'empty groups': ini('[web]\n[db]\nd1\n[site:children]\nweb\n[empty:children]\n'),
  'a long chain': ini(
    `[g0]\nh\n${Array.from({ length: 30 }, (_, i) => `[g${i + 1}:children]\ng${i}\n[g${i + 1}:vars]\nv=${i}\n`).join('')}`,
  ),
  'many hosts': ini('[a]\nh[001:300] x=1\n[b]\nh[100:200]\n[c:children]\na\nb\n'),
};
