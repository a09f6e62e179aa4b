// Follows a job that a worker does: polls its JSON, moves the bar, reloads the page when it has ended.
const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);

async function follow(box) {
  const bar = box.querySelector("progress");
  const words = box.querySelector("[role=status]");
  const until = box.dataset.until.split(" ");
  for (let pause = 1000; ; pause = Math.min(pause * 1.3, 8000)) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    let job;
    try {
      const answer = await fetch(box.dataset.progressUrl, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (!answer.ok) continue;
      job = await answer.json();
    } catch { continue; }
    if (until.includes(job.state)) { location.reload(); return; }
    if (!job.progress?.total) continue;
    if (job.progress.done !== bar.value) pause = 1000;
    bar.max = job.progress.total;
    bar.value = job.progress.done;
    words.textContent = `${numbers.format(job.progress.done)} / ${numbers.format(job.progress.total)}`;
  }
}

document.querySelectorAll("[data-progress-url]").forEach(follow);
