/* Runs before the first paint: marks that scripts work, and resolves the "auto" theme, so that no page flashes. */
(function () {
  'use strict';
  var root = document.documentElement;
  root.classList.remove('no-js');
  // A board on a wall draws itself anew; pages that people read never do.
  if (root.dataset.gdRenew) setTimeout(function () { location.reload(); }, Number(root.dataset.gdRenew) * 1000);
  if (root.dataset.gdMode === 'auto' && window.matchMedia && matchMedia('(prefers-color-scheme: dark)').matches) root.setAttribute('data-bs-theme', 'dark');
})();
