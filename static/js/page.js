// On every page: the reader's own time beside Geneva's, copy buttons, and menus that close.
const root = document.documentElement;
// British English, as the server writes; Latin digits in Arabic, as in the documents of the United Nations.
const language = root.lang === "en" ? "en-GB" : `${root.lang}-u-nu-latn`;
const shape = { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const own = new Intl.DateTimeFormat(language, shape);
const geneva = new Intl.DateTimeFormat(language, { ...shape, timeZone: "Europe/Zurich" });

for (const time of document.querySelectorAll("time[data-local]")) {
  const reader = own.format(new Date(time.dateTime));
  if (geneva.format(new Date(time.dateTime)) === reader) continue;
  const note = document.createElement("bdi");
  note.className = "local";
  note.textContent = root.dataset.localTime.replace("{}", reader);
  time.after(note);
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.copied;
  });
}

const closeMenus = (except) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
};
document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  document.activeElement?.closest("details.menu[open]")?.querySelector("summary").focus();
  closeMenus(null);
});
