/** The script of the page: it filters, orders, and tells how old the page is. The page's policy allows exactly this text. */
export const PAGE_SCRIPT = `
'use strict';
const form = document.getElementById('filter');
const body = document.querySelector('.matrix tbody');
const rows = [...body.rows];
const names = new Map(rows.map(row => [row, row.cells[0].textContent]));
const words = text => text.split(' ').filter(word => word !== '');
const value = name => form.elements[name]?.value ?? '';

function isShown(row) {
  const text = value('text').trim().toLowerCase();
  const outcomes = [...form.querySelectorAll('[name=outcome]:checked')].map(box => box.value);
  const column = value('column');
  const cell = column === '' ? null : row.cells[2 + Number(column)];
  return (
    names.get(row).toLowerCase().includes(text) &&
    (outcomes.length === 0 || outcomes.includes(row.dataset.o)) &&
    (value('group') === '' || words(row.dataset.g).includes(value('group'))) &&
    (value('version') === '' || words(row.dataset.v).includes(value('version'))) &&
    (cell === null || cell.className === 'drifted' || cell.className === 'changed')
  );
}

function filter() {
  let shown = 0;
  for (const row of rows) {
    row.hidden = !isShown(row);
    shown += row.hidden ? 0 : 1;
  }
  form.querySelector('output').textContent = shown + ' of ' + rows.length + (rows.length === 1 ? ' host' : ' hosts');
}

const orders = {
  worst: () => 0,
  run: (a, b) => Number(a.dataset.i) - Number(b.dataset.i),
  name: (a, b) => names.get(a).localeCompare(names.get(b), 'en', { numeric: true }),
};

form.addEventListener('input', event => {
  if (event.target.name === 'order') {
    body.append(...rows.toSorted(orders[value('order')]));
  } else {
    filter();
  }
});
form.querySelector('button').addEventListener('click', () => {
  form.reset();
  body.append(...rows);
  filter();
});
form.addEventListener('submit', event => event.preventDefault());
form.hidden = false;
filter();

const DAY = 24 * 60;
function showAge() {
  const minutes = Math.floor((Date.now() - Date.parse(document.querySelector('header time').dateTime)) / 60000);
  const age = document.getElementById('age');
  const [number, unit] = minutes < 60 ? [minutes, 'min'] : minutes < 2 * DAY ? [Math.floor(minutes / 60), 'h'] : [Math.floor(minutes / DAY), 'days'];
  age.textContent = minutes < 0 ? '' : '(' + number + ' ' + unit + ' ago)';
  age.className = minutes >= DAY ? 'stale' : '';
}
showAge();
setInterval(showAge, 30000);
`;
