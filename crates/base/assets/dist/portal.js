/* The portal's comforts: pointing at a street, and one tap a form. Everything works without it. */
(function () {
  'use strict';
  function mark(svg, code) {
    svg.querySelectorAll('[data-street]').forEach(function (p) { p.classList.toggle('on', code.indexOf(p.getAttribute('data-street')) === 0); });
  }
  document.addEventListener('click', function (e) {
    var street = e.target.closest ? e.target.closest('[data-street]') : null;
    if (!street) return;
    var svg = street.closest('[data-map]'), list = svg && document.getElementById(svg.getAttribute('data-map'));
    if (!list) return;
    list.value = street.getAttribute('data-street');
    list.dispatchEvent(new Event('change', { bubbles: true }));
  });
  document.addEventListener('change', function (e) {
    var svg = e.target.id && document.querySelector('[data-map="' + e.target.id + '"]');
    if (svg) mark(svg, e.target.value);
  });
  // The server files once whatever is sent; this only spares the second wait.
  document.addEventListener('submit', function (e) {
    var form = e.target;
    if (!form.hasAttribute('data-once')) return;
    if (form.dataset.sent) { e.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(function () { delete form.dataset.sent; }, 8000);
  });
  window.addEventListener('pageshow', function () { document.querySelectorAll('[data-once]').forEach(function (f) { delete f.dataset.sent; }); });
})();
