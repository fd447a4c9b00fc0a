/** The output between two marks: that of one fragment. */
export interface Piece {
  readonly text: string;
  readonly exitCode: number;
}

/**
 * Cuts stdout or stderr of a framed script (see framing.ts) at its marks, while it arrives. What stands before the mark
 * `begin` is noise: the login shell's until the mark `shell`, then sudo's; what stands after the last mark is ignored.
 *
 * Bytes beyond the limit are counted and dropped, marks are still seen. Of noise the end is kept. Text is decoded as
 * UTF-8 once it is whole.
 */
export class MarkedStream {
  readonly #mark: Buffer;
  readonly #limit: number;
  readonly #pieces: Piece[] = [];
  #kept = 0;
  #dropped = 0;
  #state: 'noise' | 'inside' | 'ended' = 'noise';
  #noise = '';
  #noiseLength = 0;
  #hasShell = false;
  #hasRoot = false;
  #prompts = 0;
  #pid: number | undefined;
  /** Output since the last mark. */
  #chunks: Buffer[] = [];
  /** The last bytes, which may be the start of a mark. */
  #tail: Buffer = Buffer.alloc(0);

  /** @param limit how many bytes are kept, over all pieces. */
  constructor(nonce: string, limit: number) {
    this.#mark = Buffer.from(`${nonce} `);
    this.#limit = limit;
  }

  /** The login shell has started the first `sh`. */
  get hasShell(): boolean {
    return this.#hasShell;
  }

  /** sudo has started its command. */
  get hasRoot(): boolean {
    return this.#hasRoot;
  }

  /** How often sudo has asked for a password. */
  get prompts(): number {
    return this.#prompts;
  }

  /** The process on the host that holds the script; undefined before it has begun. */
  get pid(): number | undefined {
    return this.#pid;
  }

  /** The mark `begin` was seen: the shell has read the whole script. */
  get begun(): boolean {
    return this.#state !== 'noise';
  }

  get ended(): boolean {
    return this.#state === 'ended';
  }

  /** The fragments that have ended, in order. */
  get pieces(): readonly Piece[] {
    return this.#pieces;
  }

  /** How many bytes were dropped because of the limit. */
  get dropped(): number {
    return this.#dropped;
  }

  /** What was written before the script began: by sudo, or if the first `sh` did not come so far by the login shell. */
  get noise(): string {
    return this.begun ? this.#noise : this.unfinished;
  }

  /** What has come since the last mark. */
  get unfinished(): string {
    return Buffer.concat([...this.#chunks, this.#tail]).toString('utf8');
  }

  /** The last whole line since the last mark; undefined where there is none yet. */
  get lastLine(): string | undefined {
    let text = this.#tail;
    let [start, end] = lastLineOf(text);
    for (let i = this.#chunks.length - 1; i >= 0 && start === 0; i -= 1) {
      text = Buffer.concat([this.#chunks[i] ?? Buffer.alloc(0), text]);
      [start, end] = lastLineOf(text);
    }
    return end < 0 ? undefined : text.toString('utf8', start, end);
  }

  push(chunk: Buffer): void {
    let data = this.#tail.length > 0 ? Buffer.concat([this.#tail, chunk]) : chunk;
    this.#tail = Buffer.alloc(0);
    while (!this.ended) {
      const at = data.indexOf(this.#mark);
      if (at === -1) {
        const safe = Math.max(0, data.length - this.#mark.length + 1);
        this.#keep(data.subarray(0, safe));
        this.#tail = data.subarray(safe);
        return;
      }
      const start = at + this.#mark.length;
      const newline = data.indexOf('\n', start);
      if (newline === -1 && data.length - start <= LONGEST_MARK) {
        this.#keep(data.subarray(0, at));
        this.#tail = data.subarray(at);
        return;
      }
      const word = newline === -1 ? '' : data.toString('latin1', start, newline);
      if ((this.begun ? MARKS_INSIDE : MARKS_BEFORE).test(word)) {
        this.#keep(data.subarray(0, at));
        this.#take(word);
        data = data.subarray(newline + 1);
      } else {
        this.#keep(data.subarray(0, start));
        data = data.subarray(start);
      }
    }
  }

  #keep(data: Buffer): void {
    if (!this.begun) {
      this.#keepNoise(data);
      return;
    }
    const room = Math.min(data.length, this.#limit - this.#kept);
    if (room > 0) {
      this.#chunks.push(data.subarray(0, room));
      this.#kept += room;
    }
    this.#dropped += data.length - room;
  }

  #keepNoise(data: Buffer): void {
    if (data.length === 0) {
      return;
    }
    this.#chunks.push(data);
    this.#noiseLength += data.length;
    for (let [first] = this.#chunks; first !== undefined; [first] = this.#chunks) {
      if (this.#noiseLength - first.length < NOISE_LIMIT) {
        return;
      }
      this.#noiseLength -= first.length;
      this.#chunks.shift();
    }
  }

  #take(mark: string): void {
    const [word, pid] = mark.split(' ');
    if (word === 'password') {
      this.#prompts += 1;
      return;
    }
    const text = this.unfinished;
    this.#chunks = [];
    this.#noiseLength = 0;
    if (word === 'shell') {
      this.#hasShell = true;
    } else if (word === 'root') {
      this.#hasRoot = true;
    } else if (word === 'begin') {
      this.#noise = text;
      this.#pid = Number(pid);
      this.#state = 'inside';
    } else if (word === 'end') {
      this.#state = 'ended';
    } else {
      this.#pieces.push({ text, exitCode: Number(word) });
    }
  }
}

const NOISE_LIMIT = 64 * 1024;

const MARKS_BEFORE = /^(?:shell|root|password|begin \d{1,10})$/;
const MARKS_INSIDE = /^(?:end|\d{1,3})$/;
const LONGEST_MARK = 'begin 1234567890'.length;

const NEWLINE = 0x0a;

/** Where the last whole line begins and ends, without its line feed: 0 where its beginning is not seen, -1 for none. */
function lastLineOf(text: Buffer): [start: number, end: number] {
  const end = text.lastIndexOf(NEWLINE);
  return [end > 0 ? text.lastIndexOf(NEWLINE, end - 1) + 1 : 0, end];
}
