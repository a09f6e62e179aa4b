// On every page: the reader's own time beside Geneva's, copy buttons, and menus that close.
const root = document.documentElement;
const own = new Intl.DateTimeFormat(root.lang || undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });

for (const time of document.querySelectorAll("time[data-local]")) {
  const reader = own.format(new Date(time.dateTime));
  const geneva = new Intl.DateTimeFormat(root.lang || undefined, { ...own.resolvedOptions(), timeZone: "Europe/Zurich" });
  if (geneva.format(new Date(time.dateTime)) === reader) continue;
  const note = document.createElement("span");
  note.className = "muted";
  note.textContent = ` · ${root.dataset.localTime.replace("{}", reader)}`;
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
