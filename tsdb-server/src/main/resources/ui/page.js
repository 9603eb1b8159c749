'use strict';

// Everything on this page comes from the server's own API; texts are set as text, never as markup.
const el = id => document.getElementById(id);
const tries = ['1+1', 'count({__name__=~".+"})', 'topk(10, count by (__name__) ({__name__=~".+"}))'];

function amount(n) {
  if (n < 1e4) return n.toLocaleString('en');
  const units = ['', ' k', ' M', ' G', ' T'];
  let i = 0;
  while (n >= 1e3 && i < units.length - 1) { n /= 1e3; i++; }
  return n.toPrecision(3) + units[i];
}

function bytes(n) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let i = 0;
  while (n >= 1024 && i < units.length - 1) { n /= 1024; i++; }
  return (i ? n.toFixed(1) : n) + ' ' + units[i];
}

function seconds(text) {
  const s = Number(text);
  if (!isFinite(s)) return '–';
  if (s < 1e-6) return (s * 1e9).toFixed(0) + ' ns';
  if (s < 1e-3) return (s * 1e6).toPrecision(3) + ' µs';
  if (s < 1) return (s * 1e3).toPrecision(3) + ' ms';
  return s.toPrecision(3) + ' s';
}

function row(cells, firstClass) {
  const tr = document.createElement('tr');
  cells.forEach((text, i) => {
    const td = document.createElement('td');
    td.textContent = text;
    if (i === 0 && firstClass) td.className = firstClass;
    tr.append(td);
  });
  return tr;
}

async function data(path, options) {
  const answer = await (await fetch(path, options)).json();
  if (answer.status !== 'success') throw new Error(answer.error || 'no answer');
  return answer;
}

async function showStore() {
  const store = (await data('/api/v1/status/tsdb?limit=0')).data.store;
  const disk = store.blockBytes + store.walBytes;
  el('samples').textContent = amount(store.samples);
  el('series').textContent = amount(store.series);
  el('bytes').textContent = bytes(disk);
  el('ratio').textContent = store.blockSamples > 0 ? (store.blockBytes / store.blockSamples).toFixed(2) : '–';
  el('state').textContent = store.readOnly ? 'read-only: ' + store.readOnly : store.ready ? 'ready' : 'reading its log';
  el('state').className = store.readOnly ? 'bad' : 'good';
}

// Stage durations out of the text format: name{label="value",…} number
async function showStages() {
  const text = await (await fetch('/metrics')).text();
  const stages = new Map();
  for (const line of text.split('\n')) {
    const m = /^varve_stage_duration_seconds(_count)?\{([^}]*)\} (\S+)/.exec(line);
    if (!m) continue;
    const labels = Object.fromEntries([...m[2].matchAll(/(\w+)="([^"]*)"/g)].map(p => [p[1], p[2]]));
    if (labels.pipeline !== 'ingest') continue;
    const name = labels.from + ' → ' + labels.to;
    if (!stages.has(name)) stages.set(name, {});
    stages.get(name)[m[1] ? 'count' : labels.quantile] = m[3];
  }
  if (stages.size === 0) return;
  const rows = [...stages].map(([name, s]) => row([name, seconds(s['0.5']), seconds(s['0.9']), seconds(s['0.95']),
    seconds(s['0.99']), amount(Number(s.count || 0))]));
  el('stages').tBodies[0].replaceChildren(...rows);
}

function name(metric) {
  const labels = Object.entries(metric).filter(([k]) => k !== '__name__').map(([k, v]) => k + '=' + JSON.stringify(v));
  return (metric.__name__ || '') + (labels.length || !metric.__name__ ? '{' + labels.join(', ') + '}' : '');
}

async function run(query) {
  el('query').value = query;
  try {
    const began = performance.now();
    const answer = await data('/api/v1/query', { method: 'POST', body: new URLSearchParams({ query, limit: '100' }) });
    const result = answer.data.result;
    const rows = answer.data.resultType === 'vector'
      ? result.map(s => row([name(s.metric), s.value[1]], 'metric'))
      : answer.data.resultType === 'matrix'
        ? result.map(s => row([name(s.metric), s.values.length + ' samples, last ' + s.values[s.values.length - 1][1]], 'metric'))
        : [row([answer.data.resultType, result[1]], 'metric')];
    const table = document.createElement('table');
    table.append(...rows);
    const note = document.createElement('p');
    note.className = 'quiet';
    note.textContent = [rows.length + (rows.length === 1 ? ' result' : ' results') + ' in '
      + (performance.now() - began).toFixed(0) + ' ms', ...(answer.warnings || []), ...(answer.infos || [])].join(' · ');
    el('answer').replaceChildren(table, note);
  } catch (e) {
    const note = document.createElement('p');
    note.className = 'bad';
    note.textContent = e.message;
    el('answer').replaceChildren(note);
  }
}

async function refresh() {
  try {
    await Promise.all([showStore(), showStages()]);
  } catch (e) {
    el('state').textContent = 'no answer: ' + e.message;
    el('state').className = 'bad';
  }
}

for (const query of tries) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = query;
  button.addEventListener('click', () => run(query));
  el('tries').append(button);
}
el('form').addEventListener('submit', event => { event.preventDefault(); run(el('query').value); });
data('/api/v1/status/buildinfo').then(answer => {
  el('version').textContent = answer.data.version + ' · commit ' + answer.data.revision + ' · Java ' + answer.data.javaVersion;
}).catch(() => {});
refresh();
setInterval(refresh, 2000);
