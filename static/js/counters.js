// Live counts beside textareas with data-limit: says how far over, never truncates. The server's count decides.
const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

// The rule of submissions/intake/words.py, sign for sign: Chinese by characters, everything else by words.
const HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{3ffff}";
const SIGNS = "\u3000-\u3006\u3008-\u303f\ufe30-\ufe4f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65";
const ADDRESS = `(?:https?://|www\\.)[^\\s${HAN}${SIGNS}]+|[\\p{L}\\p{N}_.+\\-]{1,64}@[^\\s${HAN}${SIGNS}@,;:!?()<>"]+`;
const WORD = "[\\p{L}\\p{N}]+(?:['\u2018\u2019\u02bc\u2010\u2011\\-][\\p{L}\\p{N}]+|(?<=\\p{Nd})[.,\u066b\u066c](?=\\p{Nd})[\\p{L}\\p{N}]+)*";
const words = new RegExp(`${ADDRESS}|${WORD}`, "giu");
const ideographs = new RegExp(`[${HAN}]`, "gu");
const unseen = /[\p{Mn}\p{Mc}\p{Me}\p{Cf}\u0640]+/gu;

function count(text, language) {
  const plain = text.replace(unseen, "");
  if (language.split("-")[0].toLowerCase() !== "zh") return (plain.match(words) ?? []).length;
  return (plain.match(ideographs) ?? []).length + (plain.replace(ideographs, " ").match(words) ?? []).length;
}

// The language of the whole form, where it can be chosen: another choice is another way of counting.
const chosen = (area) => area.form?.querySelector("select[name=language]");

function show(area, counter) {
  const limit = Number(area.dataset.limit);
  const language = chosen(area)?.value || area.dataset.language || "en";
  const found = count(area.value, language);
  const over = found > limit;
  const message = language.startsWith("zh") ? counter.dataset.characters : counter.dataset.words;
  counter.textContent = message.replace("{count}", numbers.format(found)).replace("{limit}", numbers.format(limit));
  if (over) counter.append(" · ", counter.dataset.over.replace("{count}", numbers.format(found - limit)));
  // Spoken only when the limit is crossed: a live region at every key would drown the text.
  if (counter.classList.contains("over") !== over) counter.setAttribute("aria-live", "polite");
  else counter.removeAttribute("aria-live");
  counter.classList.toggle("over", over);
}

for (const counter of document.querySelectorAll("[data-counter-for]")) {
  const area = document.getElementById(counter.dataset.counterFor);
  area.addEventListener("input", () => show(area, counter));
  chosen(area)?.addEventListener("change", () => show(area, counter));
  show(area, counter);
}
