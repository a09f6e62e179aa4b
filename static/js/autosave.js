// Saves a draft while it is written: PATCH with If-Match, so that a colleague's text is never overwritten.
// Until the server has a text, this device keeps it.
const PAUSE = 1500;

function start(form) {
  const url = form.dataset.autosaveUrl;
  const store = `consult:draft:${url}`;
  const line = form.querySelector("[data-autosave-state]");
  const fields = [...form.querySelectorAll("[data-autosave]")];
  let revision = form.dataset.revision;
  let timer, leaver = null, busy = false, stopped = false, wait = PAUSE;
  let sent = snapshot();

  function snapshot() {
    return Object.fromEntries(fields.filter((f) => f.type !== "radio" || f.checked).map((f) => [f.name, f.type === "checkbox" ? f.checked : f.value]));
  }

  function say(state) {
    line.dataset.state = state;
    line.textContent = line.dataset[state];
    if (state !== "conflict" || !line.dataset.compare) return;
    const link = document.createElement("a");
    link.href = line.dataset.compare;
    link.textContent = line.dataset.compareLabel;
    line.append(" ", link);
  }

  const keep = () => { try { localStorage.setItem(store, JSON.stringify({ revision, fields: snapshot() })); } catch { /* full or private */ } };
  const forget = () => { try { localStorage.removeItem(store); } catch { /* private */ } };
  const recall = () => { try { return JSON.parse(localStorage.getItem(store)); } catch { return null; } };

  function body(now) {
    const data = {};
    for (const field of fields) {
      if (now[field.name] === sent[field.name] || (field.type === "radio" && !field.checked)) continue;
      if (field.dataset.area === undefined) data[field.dataset.autosave] = now[field.name];
      else (data.contributions ??= []).push({ area: field.dataset.area, text: field.value });
    }
    return data;
  }

  async function save(leaving = false) {
    clearTimeout(timer);
    const now = snapshot();
    const data = body(now);
    if (busy || stopped || !Object.keys(data).length) return;
    busy = true;
    say("saving");
    try {
      const answer = await fetch(url, {
        method: "PATCH", credentials: "same-origin", keepalive: leaving && JSON.stringify(data).length < 60000,
        headers: { "Content-Type": "application/json", "If-Match": `"${revision}"`, "X-CSRFToken": form.elements.csrf_token.value },
        body: JSON.stringify(data),
      });
      settle(answer, now);
    } catch { retry(); }
    busy = false;
    if (leaver) { form.requestSubmit(leaver.button); return; }
    if (line.dataset.state === "saved" && Object.keys(body(snapshot())).length) later();
  }

  function settle(answer, now) {
    if (answer.status === 412) { stopped = true; say("conflict"); return; }
    if (answer.status >= 500 || answer.status === 429) { retry(); return; }
    if (!answer.ok) { say("refused"); return; }
    revision = (answer.headers.get("ETag") ?? revision).replace(/^W\/|"/g, "");
    if (form.elements.revision) form.elements.revision.value = revision;
    sent = now;
    wait = PAUSE;
    if (!Object.keys(body(snapshot())).length) forget();
    say("saved");
  }

  function retry() {
    wait = Math.min(wait * 2, 60000);
    say("offline");
    later();
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  }

  function restore() {
    const kept = recall();
    if (!kept) return;
    const lost = fields.filter((f) => f.name in kept.fields && f.type !== "radio" && f.type !== "checkbox" && kept.fields[f.name] !== f.value);
    if (!lost.length) { forget(); return; }
    if (kept.revision !== revision) { offer(lost, kept); return; }
    fill(lost, kept);
    say("restored");
    later();
  }

  // The draft moved on meanwhile: the reader chooses; nothing is replaced by itself.
  function offer(lost, kept) {
    say("conflict");
    const box = document.createElement("details");
    const summary = document.createElement("summary");
    summary.textContent = line.dataset.kept;
    box.append(summary);
    for (const field of lost) {
      const text = document.createElement("pre");
      text.dir = "auto";
      text.textContent = kept.fields[field.name];
      box.append(text);
    }
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button secondary small";
    drop.textContent = line.dataset.drop;
    drop.addEventListener("click", () => { forget(); box.remove(); say("saved"); });
    box.append(drop);
    line.after(box);
  }

  function fill(lost, kept) {
    for (const field of lost) {
      field.value = kept.fields[field.name];
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  form.addEventListener("input", (event) => {
    if (!fields.includes(event.target)) return;
    keep();
    later();
  });
  // A save on its way will raise the revision: the form's own POST waits for it, or it would meet a 412 of our own making.
  form.addEventListener("submit", (event) => {
    stopped = true;
    clearTimeout(timer);
    if (!busy) return;
    event.preventDefault();
    leaver = { button: event.submitter };
  });
  window.addEventListener("online", () => { wait = PAUSE; save(); });
  document.addEventListener("visibilitychange", () => { if (document.hidden) save(true); });
  restore();
}

document.querySelectorAll("form[data-autosave-url]").forEach(start);
