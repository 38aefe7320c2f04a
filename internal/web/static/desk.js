// The desk works without this file; it makes filters and keys quicker.
'use strict';
const typing = (e) => e.target.closest && e.target.closest('input, textarea, select, [contenteditable]');

for (const form of document.querySelectorAll('form[data-auto]')) {
  form.addEventListener('change', () => form.requestSubmit());
  for (const button of form.querySelectorAll('button')) button.hidden = true;
}

for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    const was = button.textContent;
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = was; }, 2000);
  });
}

const items = [...document.querySelectorAll('[data-item]')];
let at = -1;
const go = (n) => {
  if (!items.length) return;
  if (at >= 0) items[at].classList.remove('at');
  at = Math.max(0, Math.min(items.length - 1, n));
  items[at].classList.add('at');
  items[at].querySelector('h2 a').focus({ preventScroll: true });
  items[at].scrollIntoView({ block: 'nearest' });
};
const open = (fragment) => {
  if (at < 0) return;
  const link = items[at].querySelector('h2 a');
  location.href = fragment && link.pathname.startsWith('/reversals/') ? link.href + fragment : link.href;
};

document.addEventListener('keydown', (e) => {
  if (typing(e) || e.ctrlKey || e.metaKey || e.altKey) return;
  const keys = document.getElementById('keys');
  const press = (id) => { const b = document.getElementById(id); if (b) { b.focus(); b.scrollIntoView({ block: 'center' }); return true; } return false; };
  switch (e.key) {
    case 'j': go(at + 1); break;
    case 'k': go(at < 0 ? 0 : at - 1); break;
    case 'x': if (at >= 0) { const box = items[at].querySelector('input[type=checkbox]'); if (box) box.checked = !box.checked; } break;
    case 'c': if (!press('confirm')) open('#confirm'); break;
    case 'd': if (!press('reason')) open('#reason'); break;
    case 'n': { const next = document.querySelector('[data-next-change]'); if (next) next.click(); break; }
    case '?': if (keys) keys.showModal(); break;
    default: return;
  }
  e.preventDefault();
});

// A link from the inbox that means to decide leads to the button, and leaves the pressing to the person.
if (location.hash === '#confirm' || location.hash === '#reason') {
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted) wanted.focus();
}
