/* Guandu behaviour: theme, charts, popovers, shortcuts, bulk bar, dialogs. No page needs it for reading or filing.
   No inline script and no eval: the policy is script-src 'self'. Listeners sit on the document, so that parts
   which htmx swaps in work without being wired again. */
(function () {
  'use strict';
  var root = document.documentElement, doc = document, en = root.lang === 'en', live = [], printing = false;
  function all(s, r) { return Array.prototype.slice.call((r || doc).querySelectorAll(s)); }
  function v(n) { return getComputedStyle(root).getPropertyValue(n).trim(); }
  function on(type, sel, fn) { doc.addEventListener(type, function (e) { var t = e.target.closest ? e.target.closest(sel) : null; if (t) fn(t, e); }); }

  /* ── charts ── one JSON description per box (ui::chart in Rust); the theme lives here */
  var calm = window.matchMedia ? matchMedia('(prefers-reduced-motion: reduce)') : { matches: true };
  var ROLE = {
    actual: function () { return { c: v('--c1'), w: 3, z: 6 }; }, plan: function () { return { c: v('--ln3'), w: 1.5, z: 3 }; },
    forecast: function () { return { c: v('--c1'), w: 2, d: [5, 4], z: 5 }; }, time: function () { return { c: v('--c5'), w: 1.6, d: [2, 3], z: 3 }; },
    second: function () { return { c: v('--c2'), w: 2, z: 4 }; }, base: function () { return { c: v('--c3'), w: 2, z: 2 }; },
    late: function () { return { c: v('--lr'), w: 2, z: 4, hatch: 1 }; }, extra: function () { return { c: v('--c4'), w: 2, z: 4 }; }, band: function () { return { c: v('--band'), w: 0, z: 1 }; }
  };
  function axis(o) { return Object.assign({ axisLine: { lineStyle: { color: v('--ln2') } }, axisTick: { show: false }, axisLabel: { color: v('--ink3'), fontSize: 12, hideOverlap: true }, splitLine: { lineStyle: { color: v('--ln') } } }, o); }
  function fmt(x) { return x == null ? '—' : String(+(+x).toFixed(4)).replace('-', '\u2212'); }
  function tip(spec) {
    return function (ps) {
      var box = doc.createElement('div'), seen = {}; box.className = 'gd-tip';
      var head = doc.createElement('div'); head.className = 't'; head.textContent = ps.length ? ps[0].axisValueLabel || ps[0].name : ''; box.appendChild(head);
      ps.forEach(function (p) {
        var s = spec.series.filter(function (x) { return x.name === p.seriesName; })[0];
        if (!s || seen[s.name] || s.role === 'band') return;
        seen[s.name] = 1;
        var val = Array.isArray(p.value) ? p.value[1] : p.value; if (val == null || val === '-') return;
        var r = doc.createElement('div'), n = doc.createElement('span'), b = doc.createElement('b');
        r.className = 'r'; n.textContent = s.name; b.textContent = fmt(val) + (s.unit != null ? s.unit : spec.unit || ''); r.appendChild(n); r.appendChild(b); box.appendChild(r);
      });
      return box;
    };
  }
  function option(spec, el) {
    var last = spec.x.length - 1, series = [], narrow = el.clientWidth < 420, room = 8;
    spec.series.forEach(function (s) {
      var st = (ROLE[s.role] || ROLE.second)(), right = s.right ? 1 : 0;
      if (s.role === 'band') {
        var id = 'band' + series.length, quiet = { type: 'line', stack: id, lineStyle: { opacity: 0 }, symbol: 'none', silent: true, tooltip: { show: false }, z: 1 };
        series.push(Object.assign({}, quiet, { data: s.low }));
        series.push(Object.assign({}, quiet, { data: s.low.map(function (lo, i) { return lo == null || s.data[i] == null ? null : +(s.data[i] - lo).toFixed(4); }), areaStyle: { color: st.c, opacity: s.wide ? .12 : .17 } }));
        return;
      }
      if (s.kind === 'bar') {
        var it = s.role === 'plan' ? { color: v('--sf3'), borderColor: v('--ln3'), borderWidth: 1 } : { color: s.role === 'actual' ? v('--c2') : st.c };
        if (st.hatch) it.decal = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color: 'rgba(255,255,255,.35)' };
        series.push({ name: s.name, type: 'bar', data: s.data, stack: s.stack || undefined, yAxisIndex: right, barMaxWidth: 18, barGap: '15%', itemStyle: it, z: st.z });
        return;
      }
      var o = { name: s.name, type: 'line', data: s.data, yAxisIndex: right, symbol: s.dots ? 'circle' : 'none', symbolSize: 6, connectNulls: false, lineStyle: { color: st.c, width: st.w, type: st.d || 'solid' }, itemStyle: { color: st.c, borderColor: v('--sf'), borderWidth: s.dots ? 1.5 : 0 }, z: st.z };
      series.push(o);
      if (s.label) {
        var at = s.label_at == null ? last : s.label_at, strong = s.role === 'actual' || s.role === 'forecast', end = at === last;
        if (end) room = Math.max(room, s.label.length * (/[\u4e00-\u9fff]/.test(s.label) ? 10 : 7.4) + 12);
        series.push({ type: 'scatter', yAxisIndex: right, data: [[at, s.data[at]]], symbolSize: strong ? 8 : 0, silent: true, tooltip: { show: false }, z: 9, itemStyle: { color: st.c, borderColor: v('--sf'), borderWidth: strong ? 1.5 : 0 }, label: { show: true, position: end ? 'right' : 'top', distance: 6, formatter: s.label, color: strong ? v('--ink') : v('--ink3'), fontSize: 12, fontWeight: strong ? 600 : 400, textBorderColor: v('--sf'), textBorderWidth: 3 } });
      }
    });
    var lines = [];
    if (spec.target) lines.push({ yAxis: spec.target.value, lineStyle: { color: v('--ink'), width: 1.5, type: 'solid' }, label: { formatter: spec.target.label, position: 'insideStartTop', color: v('--ink'), fontWeight: 600, fontSize: 12 } });
    if (spec.now) lines.push({ xAxis: spec.now.at, lineStyle: { color: v('--ln3'), width: 1, type: [2, 3] }, label: { formatter: spec.now.label, color: v('--ink3'), fontSize: 12, position: 'end', distance: 4 } });
    if (lines.length && series.length) series[series.length - 1].markLine = { symbol: 'none', silent: true, animation: false, data: lines };
    var bars = spec.series.some(function (s) { return s.kind === 'bar'; });
    var y = [axis({ type: 'value', min: spec.min == null ? (bars ? 0 : undefined) : spec.min, max: spec.max == null ? undefined : spec.max, interval: spec.step || undefined, axisLine: { show: false }, name: spec.unit_name || '', nameLocation: 'end', nameTextStyle: { color: v('--ink3'), align: 'left', padding: [0, 0, 0, -22] } })];
    if (spec.right) y.push(axis({ type: 'value', min: spec.right.min, max: spec.right.max, interval: spec.right.step || undefined, axisLine: { show: false }, splitLine: { show: false }, axisLabel: { color: v('--ink3'), formatter: '{value}' + (spec.right.unit || '') } }));
    return {
      animation: !printing && !calm.matches, animationDuration: 300, textStyle: { fontFamily: v('--f'), fontSize: 12, color: v('--ink2') },
      aria: { enabled: true, label: { enabled: false } }, grid: { left: 4, right: spec.right ? 4 : Math.min(room, narrow ? 72 : 96), top: 26, bottom: 2, containLabel: true },
      tooltip: { trigger: 'axis', confine: true, formatter: tip(spec), backgroundColor: v('--sf'), borderColor: v('--ln2'), borderWidth: 1, padding: [8, 12], extraCssText: 'box-shadow:' + v('--pop') + ';border-radius:6px', axisPointer: { lineStyle: { color: v('--ln3'), type: 'solid' } } },
      xAxis: axis({ type: 'category', data: spec.x, boundaryGap: bars }), yAxis: y, series: series
    };
  }
  function draw() {
    live.forEach(function (c) { c.dispose(); }); live = [];
    if (!window.echarts) return;
    all('[data-chart]').forEach(function (el) {
      if (!el.clientWidth) return;
      var spec; try { spec = JSON.parse(el.getAttribute('data-chart')); } catch (e) { return; }
      var c = window.echarts.init(el, null, { renderer: 'svg' }); c.setOption(option(spec, el)); live.push(c);
    });
  }

  /* ── theme ── a cookie, so that the server draws the right one next time */
  function cookie(k, val) { doc.cookie = k + '=' + val + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : ''); }
  on('click', '[data-gd-theme]', function (b) {
    var dark = root.getAttribute('data-bs-theme') !== 'dark', name = dark ? 'dark' : 'light';
    root.setAttribute('data-bs-theme', name); cookie('gd_theme', name); b.setAttribute('aria-pressed', dark); draw();
  });
  on('click', '[data-gd-big]', function (b) { var o = root.toggleAttribute('data-gd-big'); b.setAttribute('aria-pressed', o); cookie('gd_big', o ? '1' : '0'); });

  /* ── popovers: hover and focus by CSS; click pins; Escape closes ── */
  function unpin(except) { all('.why.is-open').forEach(function (w) { if (w !== except) { w.classList.remove('is-open'); w.querySelector('.why-b').setAttribute('aria-expanded', 'false'); } }); }
  on('click', '.why-b', function (b) { var w = b.parentNode, o = w.classList.toggle('is-open'); unpin(w); b.setAttribute('aria-expanded', o); });
  doc.addEventListener('click', function (e) {
    if (!e.target.closest('.why')) unpin();
    all('details.mnu[open]').forEach(function (d) { if (!d.contains(e.target)) d.open = false; });
  });

  /* ── keyboard: / searches, Escape closes what floats ── */
  var typing = /^(INPUT|TEXTAREA|SELECT)$/;
  function search() { var f = doc.querySelector('form.gd-search'); if (!f) return; f.classList.add('is-open'); var i = f.querySelector('input'); i.focus(); i.select(); }
  doc.addEventListener('keydown', function (e) {
    if (e.key === 'Escape') {
      unpin(); all('details.mnu[open]').forEach(function (d) { d.open = false; d.querySelector('summary').focus(); });
      all('form.gd-search.is-open').forEach(function (f) { f.classList.remove('is-open'); });
    }
    var a = doc.activeElement;
    if (e.key === '/' && !e.ctrlKey && !e.metaKey && !e.altKey && !(a && (typing.test(a.tagName) || a.isContentEditable))) { e.preventDefault(); search(); }
  });
  on('click', 'form.gd-search label', function (l, e) { e.preventDefault(); search(); });

  /* ── bulk bar: shown while rows are chosen ── */
  function bulk(list) {
    var bar = list.querySelector('.wk-bulk'); if (!bar) return;
    var n = 0; all('.ck input', list).forEach(function (x) { if (x.checked) n += 1; var r = x.closest('.wk-r'); if (r) r.classList.toggle('is-sel', x.checked); });
    bar.classList.toggle('on', n > 0); var out = bar.querySelector('[data-n]'); if (out) out.textContent = n;
  }
  on('change', '.ck input', function (x) { var l = x.closest('[data-bulk]'); if (l) bulk(l); });
  on('click', '[data-none]', function (b) { var l = b.closest('[data-bulk]'); if (!l) return; all('.ck input', l).forEach(function (x) { x.checked = false; }); bulk(l); });

  /* ── trees: rows of a treegrid open and close ── */
  on('click', '[data-tg]', function (b) {
    var row = b.closest('[aria-level]'), open = row.getAttribute('aria-expanded') !== 'true', lv = +row.getAttribute('aria-level'), shut = 0;
    row.setAttribute('aria-expanded', open);
    for (var r = row.nextElementSibling; r; r = r.nextElementSibling) {
      var l = +r.getAttribute('aria-level'); if (!l || l <= lv) break;
      if (shut && l > shut) { r.hidden = true; continue; }
      shut = 0; r.hidden = !open; if (open && r.getAttribute('aria-expanded') === 'false') shut = l;
    }
  });

  /* ── dialogs: a button names its dialog; the safe button has the focus ── */
  on('click', '[data-dialog]', function (b, e) { var d = doc.getElementById(b.getAttribute('data-dialog')); if (d && d.showModal) { e.preventDefault(); d.showModal(); var s = d.querySelector('[data-safe]'); if (s) s.focus(); } });
  on('click', '[data-close]', function (b) { var d = b.closest('dialog'); if (d) d.close(); });
  on('click', '[data-print]', function () { window.print(); });
  on('click', '[data-copy]', function (b) { if (navigator.clipboard) navigator.clipboard.writeText(b.getAttribute('data-copy')).then(function () { b.setAttribute('data-done', ''); }); });
  on('change', '[data-autosubmit]', function (x) { if (x.form) { if (x.form.requestSubmit) x.form.requestSubmit(); else x.form.submit(); } });

  /* ── one submit per form: the second click of an impatient hand does nothing ── */
  doc.addEventListener('submit', function (e) {
    var f = e.target; if (f.method !== 'post' || e.defaultPrevented) return;
    if (f.hasAttribute('data-sent')) { e.preventDefault(); return; }
    f.setAttribute('data-sent', ''); f.setAttribute('aria-busy', 'true');
    setTimeout(function () { f.removeAttribute('data-sent'); f.removeAttribute('aria-busy'); }, 8000);
  });
  addEventListener('pageshow', function () { all('form[data-sent]').forEach(function (f) { f.removeAttribute('data-sent'); f.removeAttribute('aria-busy'); }); });

  /* ── live regions ── the server says which topic changed; the page fetches its own parts again. Without this script, without
     EventSource or on a page without regions nothing happens. One stream, and only while the tab is looked at: a browser
     has six connections for a site. */
  var stream = null, stale = {}, soon = 0;
  function regions() { return all('[data-live]'); }
  function busy(el) { var a = doc.activeElement; return !!(a && el.contains(a) && typing.test(a.tagName)) || !!el.querySelector('dialog[open],details.mnu[open],form[data-sent],.ck input:checked'); }
  function refresh(el) {
    var id = el.id; if (!id || busy(el)) return;
    delete stale[id];
    fetch(el.getAttribute('data-live-src') || location.href, { credentials: 'same-origin', headers: { 'Accept': 'text/html' } }).then(function (r) { return r.ok && !r.redirected ? r.text() : null; }).then(function (t) {
      var now = doc.getElementById(id); if (t == null || !now) return;
      if (busy(now)) { stale[id] = 1; return; }
      var fresh = new DOMParser().parseFromString(t, 'text/html').getElementById(id); if (!fresh) return;
      now.parentNode.replaceChild(doc.importNode(fresh, true), now); now = doc.getElementById(id);
      if (window.htmx) window.htmx.process(now);
      arrive(); all('[data-bulk]', now).forEach(bulk); if (now.querySelector('[data-chart]')) draw();
      now.dispatchEvent(new CustomEvent('gd:live', { bubbles: true }));
    }).catch(function () { stale[id] = 1; });
  }
  /* Many changes at once are one fetch; a little chance keeps a whole office from asking in the same instant. */
  function sweep() { soon = 0; regions().forEach(function (el) { if (stale[el.id]) refresh(el); }); }
  function mark(hit) { regions().forEach(function (el) { if (hit(el.getAttribute('data-live').split(','))) stale[el.id] = 1; }); if (!soon) soon = setTimeout(sweep, 300 + Math.random() * 700); }
  function shut() { if (stream) { stream.close(); stream = null; } }
  function listen() {
    var list = regions(), topics = {}, since = 0; shut();
    if (!list.length || !window.EventSource || !window.fetch || doc.hidden) return;
    list.forEach(function (el) { var at = +el.getAttribute('data-live-at') || 0; el.getAttribute('data-live').split(',').forEach(function (t) { topics[t] = 1; }); since = since ? Math.min(since, at) : at; });
    stream = new EventSource('/live?topics=' + encodeURIComponent(Object.keys(topics).sort().join(',')) + '&since=' + since);
    stream.addEventListener('change', function (e) { var hit = e.data.split(','); mark(function (own) { return own.some(function (t) { return hit.indexOf(t) >= 0; }); }); });
    stream.addEventListener('resync', function () { mark(function () { return true; }); });
    stream.addEventListener('end', shut);
  }
  doc.addEventListener('visibilitychange', function () { if (doc.hidden) shut(); else listen(); });
  doc.addEventListener('focusout', function () { if (Object.keys(stale).length && !soon) soon = setTimeout(sweep, 500); });
  addEventListener('pagehide', shut);
  addEventListener('pageshow', function (e) { if (e.persisted) listen(); });

  /* ── toasts leave after six seconds, unless someone is reading them ── */
  function toasts() { all('.gd-toasts .to:not([data-t])').forEach(function (t) { t.setAttribute('data-t', ''); (function wait() { setTimeout(function () { if (t.matches(':hover') || t.contains(doc.activeElement)) wait(); else t.remove(); }, 6000); })(); }); }
  on('click', '.to [data-gone]', function (b) { b.closest('.to').remove(); });

  /* ── what each arrival of content needs ── */
  function arrive() { toasts(); all('.gt-w[data-today]').forEach(function (w) { if (w.scrollWidth > w.clientWidth) w.scrollLeft = w.scrollWidth * (+w.getAttribute('data-today') / 100) - w.clientWidth / 2; }); }
  function start() {
    draw(); arrive(); all('[data-bulk]').forEach(bulk);
    addEventListener('resize', function () { live.forEach(function (c) { c.resize(); }); });
    addEventListener('beforeprint', function () { printing = true; root.dataset.was = root.getAttribute('data-bs-theme'); root.setAttribute('data-bs-theme', 'light'); draw(); });
    addEventListener('afterprint', function () { printing = false; root.setAttribute('data-bs-theme', root.dataset.was || 'light'); draw(); });
    doc.addEventListener('htmx:afterSettle', function (e) { arrive(); if (e.target.querySelector && e.target.querySelector('[data-chart]')) draw(); });
    listen();
    all('[autofocus-error]').slice(0, 1).forEach(function (x) { x.focus(); });
  }
  if (doc.readyState === 'loading') doc.addEventListener('DOMContentLoaded', start); else start();
})();
