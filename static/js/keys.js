// One-letter keys for moderation: any button or link with data-key. Silent while typing; can be switched off in the "?" dialog.
const dialog = document.getElementById("keys");
const toggle = document.getElementById("keys-on");
const OFF = "consult:keys-off";
const remembered = () => { try { return localStorage.getItem(OFF) === "1"; } catch { return false; } };
let off = remembered();

if (toggle) {
  toggle.checked = !off;
  toggle.addEventListener("change", () => {
    off = !toggle.checked;
    try { localStorage.setItem(OFF, off ? "1" : "0"); } catch { /* private browsing: holds for this page */ }
  });
}
for (const opener of document.querySelectorAll('[data-key="?"]')) {
  opener.hidden = !dialog;
  opener.addEventListener("click", () => dialog.showModal());
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented || dialog?.open) return;
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), select, textarea, [contenteditable]")) return;
  if (off && event.key !== "?") return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]:not([hidden], [disabled])`);
  if (!target) return;
  event.preventDefault();
  // A radio or a field is only focused and chosen; buttons and links act.
  target.focus();
  target.click();
});
