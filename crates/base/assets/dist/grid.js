/* Grid worker's reports without a network. A report that cannot be sent is kept in this browser with its photographs and its key,
   and goes out when there is a network again. The key makes a second send the same filing, so a lost answer doubles nothing.
   Without this script, or without IndexedDB, the page is a plain form. */
(function () {
  'use strict';
  var doc = document, box = doc.getElementById('grid-queue'), form = doc.querySelector('form[data-grid]');
  if (!box || !form || !window.indexedDB || !window.fetch) return;
  var list = box.querySelector('[data-grid-list]'), status = box.querySelector('[data-grid-status]'), sending = false;
  function say(name) { return box.getAttribute('data-grid-' + name) || ''; }
  function wish(req) { return new Promise(function (ok, no) { req.onsuccess = function () { ok(req.result); }; req.onerror = function () { no(req.error); }; }); }
  var opened = null;
  function base() {
    if (!opened) {
      var req = indexedDB.open('gd-grid', 1);
      req.onupgradeneeded = function () { req.result.createObjectStore('reports', { keyPath: 'key' }); };
      opened = wish(req);
    }
    return opened;
  }
  function store(mode) { return base().then(function (db) { return db.transaction('reports', mode).objectStore('reports'); }); }
  function all() { return store('readonly').then(function (s) { return wish(s.getAll()); }); }
  function put(report) { return store('readwrite').then(function (s) { return wish(s.put(report)); }); }
  function drop(key) { return store('readwrite').then(function (s) { return wish(s.delete(key)); }); }

  /* The token of the page that sends: one that was stored may belong to an older session. */
  function token() { return form.querySelector('input[name="_token"]').value; }
  function key() { var b = new Uint8Array(12); crypto.getRandomValues(b); return Array.prototype.map.call(b, function (x) { return ('0' + x.toString(16)).slice(-2); }).join(''); }
  function read() {
    var report = { key: '', fields: [], at: Date.now(), why: '' };
    new FormData(form).forEach(function (value, name) {
      if (name === '_token') return;
      if (name === 'key') { report.key = value; return; }
      if (typeof value !== 'string' && !value.size) return;
      report.fields.push([name, value]);
    });
    return report;
  }
  function send(report) {
    var data = new FormData();
    data.append('_token', token()); data.append('key', report.key);
    report.fields.forEach(function (f) { data.append(f[0], f[1]); });
    return fetch('/grid', { method: 'POST', body: data, credentials: 'same-origin', redirect: 'manual', headers: { 'X-Grid-Queue': '1', 'Accept': 'application/json' } });
  }
  function draw() {
    return all().then(function (reports) {
      list.textContent = '';
      box.hidden = !reports.length && !status.textContent;
      reports.forEach(function (report) {
        var li = doc.createElement('li'), what = report.fields.filter(function (f) { return f[0] === 'what'; })[0];
        li.textContent = (what ? String(what[1]).slice(0, 60) : report.key) + (report.why ? ' · ' + say('refused') + ': ' + report.why : '') + ' ';
        var gone = doc.createElement('button'); gone.type = 'button'; gone.className = 'btn btn-sm'; gone.textContent = say('drop');
        gone.addEventListener('click', function () { drop(report.key).then(draw); });
        li.appendChild(gone); list.appendChild(li);
      });
      if (reports.length) {
        var row = doc.createElement('li'), now = doc.createElement('button'); now.type = 'button'; now.className = 'btn btn-sm btn-primary'; now.textContent = say('send');
        now.addEventListener('click', flush); row.appendChild(now); list.appendChild(row);
      }
    });
  }
  /* A refusal stays in the list with its reason until the worker deletes it; everything else is tried again. */
  function flush() {
    if (sending) return Promise.resolve();
    sending = true;
    return all().then(function (reports) {
      return reports.reduce(function (before, report) {
        return before.then(function () {
          return send(report).then(function (r) {
            if (r.ok) return r.json().then(function (done) { status.textContent = say('done') + ' ' + done.no; return drop(report.key); });
            if (r.status >= 400 && r.status < 500 && r.status !== 401 && r.status !== 403 && r.status !== 429) return r.json().catch(function () { return {}; }).then(function (p) { report.why = p.title || String(r.status); return put(report); });
          });
        });
      }, Promise.resolve());
    }).catch(function () {}).then(function () { sending = false; return draw(); });
  }
  function keep(report) {
    return put(report).then(function () {
      form.reset(); form.querySelector('input[name="key"]').value = key(); form.removeAttribute('data-sent'); form.removeAttribute('aria-busy');
      return draw();
    });
  }
  /* Sent at once where that works; a refusal is shown by the plain form, so that the page says what is wrong. */
  form.addEventListener('submit', function (e) {
    e.preventDefault();
    if (form.getAttribute('aria-busy')) return;
    var report = read(), what = report.fields.some(function (f) { return f[0] === 'what' && f[1].trim(); });
    if (!what) { form.querySelector('[name="what"]').focus(); return; }
    if (!navigator.onLine) { keep(report); return; }
    form.setAttribute('aria-busy', 'true');
    send(report).then(function (r) {
      if (r.ok) location.assign('/grid?ok=case.filed'); else form.submit();
    }, function () { return keep(report); });
  });
  addEventListener('online', flush);
  draw().then(function () { if (navigator.onLine) flush(); });
})();
