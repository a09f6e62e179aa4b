// Words selected in the text as filed are filled into the form that hides them; without this, they are typed.
const form = document.getElementById("redaction");
const filed = document.getElementById("filed");

const escaped = (word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");

// The same rule as the server's: words as they stand, any white space between them.
const occurrence = (before, words) => {
  const pattern = new RegExp(words.trim().split(/\s+/).map(escaped).join("\\s+"), "gu");
  return [...(before + words.trimEnd()).matchAll(pattern)].length;
};

const chosen = () => {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const node = range.commonAncestorContainer;
  const text = (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement).closest(".para > p");
  if (!text || !filed.contains(text) || !range.toString().trim()) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  return { paragraph: text.parentElement.id.slice(1), before: before.toString(), words: range.toString() };
};

if (form && filed) {
  const hint = document.querySelector("[data-redaction-hint]");
  hint.textContent = `${hint.dataset.selected} ${hint.textContent}`;
  document.addEventListener("selectionchange", () => {
    const found = chosen();
    if (!found) return;
    form.elements.paragraph.value = found.paragraph;
    form.elements.words.value = found.words.trim();
    form.elements.occurrence.value = occurrence(found.before, found.words) || 1;
  });
}
