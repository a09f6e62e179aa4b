// Live counts beside textareas with data-limit: says how far over, never truncates. The server's count decides.
const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

export function count(text, language) {
  if (language.split("-")[0] === "zh") return Array.from(text.replace(/\s/gu, "")).length;
  return (text.match(/\S+/gu) ?? []).length;
}

function show(area, counter) {
  const limit = Number(area.dataset.limit);
  const words = count(area.value, area.dataset.language || "en");
  const over = words > limit;
  const message = over ? counter.dataset.over : counter.dataset.within;
  counter.textContent = message
    .replace("{count}", numbers.format(words)).replace("{limit}", numbers.format(limit)).replace("{over}", numbers.format(words - limit));
  // Spoken only when the limit is crossed: a live region at every key would drown the text.
  if (counter.classList.contains("over") !== over) counter.setAttribute("aria-live", "polite");
  else counter.removeAttribute("aria-live");
  counter.classList.toggle("over", over);
}

for (const counter of document.querySelectorAll("[data-counter-for]")) {
  const area = document.getElementById(counter.dataset.counterFor);
  area.addEventListener("input", () => show(area, counter));
  show(area, counter);
}
