// What is live on the desk, and its keys. Everything else is plain pages: without this script they still work.
const { page, me } = document.body.dataset;
const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const list = $("#list"), pane = $("#pane");
const beside = matchMedia("(min-width: 60.01rem)");
const STALE_MS = 10000, RETRY_MS = 3000, UNDO_MS = 8000, CHANGED_MS = 60000, SLOW_MS = 1000;

// ---- the server's clock: ages and the clock count by it

let ahead = Number(document.body.dataset.now) * 1000 - Date.now();
const now = () => Date.now() + ahead;
const two = (number) => String(number).padStart(2, "0");
const clock = (ms, seconds) => new Date(ms).toISOString().slice(11, seconds ? 19 : 16);

function age(ms) {
  const minutes = Math.max(0, Math.floor((now() - ms) / 60000));
  if (minutes < 60) return `${minutes} min`;
  const at = new Date(ms);
  if (at.toISOString().slice(0, 10) === new Date(now()).toISOString().slice(0, 10)) return clock(ms);
  const [day, month] = ["Sun Mon Tue Wed Thu Fri Sat".split(" ")[at.getUTCDay()], "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ")[at.getUTCMonth()]];
  return `${day} ${two(at.getUTCDate())} ${month} ${clock(ms)}`;
}

function tick() {
  if (stale) return;
  $("#clock").textContent = `${clock(now())} UTC`;
  for (const one of all("time.age")) {
    const says = age(Date.parse(one.dateTime));
    if (one.textContent !== says) one.textContent = says;
  }
}

// ---- live: one stream, opened anew by us, because a browser gives up for good where a desk is starting

let stream = null, lastId = document.body.dataset.live, heard = Date.now(), stale = false, tryAt = 0;

function connect() {
  tryAt = 0;
  stream?.close();
  stream = new EventSource(`/live?after=${encodeURIComponent(lastId)}`);
  stream.addEventListener("beat", (event) => { if (event.data) ahead = Number(event.data) * 1000 - Date.now(); alive(); });
  stream.addEventListener("gap", (event) => { lastId = event.lastEventId; alive(); reread(); reload_open(); });
  stream.addEventListener("change", (event) => { lastId = event.lastEventId; alive(); batch(JSON.parse(event.data).touched); });
  stream.addEventListener("build", (event) => { alive(); if (event.data !== document.body.dataset.build) $("#newer").hidden = false; });
  stream.addEventListener("error", () => { stream.close(); tryAt = Date.now() + RETRY_MS; });
}

function alive() {
  heard = Date.now();
  document.body.dataset.hears = "yes";
  if (!stale) return;
  stale = false;
  document.body.classList.remove("stale");
  $("#live").classList.remove("stale");
  $("#live-word").textContent = "Live";
  $("#retry").hidden = true;
  reread();
  reload_open();
}

function watch() {
  if (tryAt && Date.now() >= tryAt) connect();
  if (!stale && Date.now() - heard > STALE_MS) {
    stale = true;
    document.body.classList.add("stale");
    document.body.dataset.hears = "no";
    $("#live").classList.add("stale");
    $("#live-word").textContent = `Not live since ${clock(heard + ahead, true)}`;
    $("#retry").hidden = false;
    if (!tryAt) tryAt = Date.now() + RETRY_MS;
  }
  if (stale) $("#retry").textContent = tryAt ? `Try now (${Math.max(1, Math.ceil((tryAt - Date.now()) / 1000))} s)` : "Trying…";
  tick();
}

// ---- what changed: batches one after another, so that nothing is shown twice

const waiting = new Set();
let held = false, pending = new Set(), working = false;

async function batch(touched) {
  touched.forEach((one) => pending.add(one));
  if (working) return;
  working = true;
  while (pending.size) {
    const now_touched = [...pending];
    pending = new Set();
    await changed(now_touched).catch(() => {});
  }
  working = false;
}

async function changed(touched) {
  const dossiers = touched.filter((one) => /^[0-9a-f-]{36}$/.test(one));
  if (list && dossiers.length) await rows_changed(dossiers);
  const open = $(".dossier[data-dossier]");
  if (open && touched.includes(open.dataset.dossier)) await reload_pane(open.dataset.dossier);
  if (touched.includes("sending")) $("#notices").innerHTML = (await fragment("/fragments/notices")) || $("#notices").innerHTML;
}

async function rows_changed(dossiers) {
  const urgent = [];
  for (let from = 0; from < dossiers.length; from += 100) {
    const asked = dossiers.slice(from, from + 100).map((one) => `dossier=${one}`).join("&");
    for (const fresh of all(".row", parsed(await fragment(`/fragments/rows?view=${list.dataset.view}&${asked}`)))) {
      const row = row_of(fresh.dataset.dossier);
      if (row) refresh(row, fresh);
      else if (!("elsewhere" in fresh.dataset) && !waiting.has(fresh.dataset.dossier)) {
        waiting.add(fresh.dataset.dossier);
        if ("urgent" in fresh.dataset) urgent.push(`${$(".status", fresh).textContent}, ${fresh.dataset.title}`);
      }
    }
  }
  const came = waiting.size;
  if (!held && came && quiet()) await reread();
  counted();
  if (came) speak(came, urgent);
  if (urgent.length) alarm(urgent);
}

// ---- sound and notification for what is urgent, once a batch, where the person has allowed them

let audio = null;
const sounding = () => localStorage.getItem("sound") === "on";

function beep() {
  audio ||= new AudioContext();
  const tone = audio.createOscillator(), volume = audio.createGain();
  volume.gain.setValueAtTime(.15, audio.currentTime);
  volume.gain.exponentialRampToValueAtTime(.001, audio.currentTime + .5);
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + .5);
}

function alarm(urgent) {
  if (!sounding()) return;
  document.body.dataset.sounded = Number(document.body.dataset.sounded || 0) + 1;
  beep();
  if (document.visibilityState === "hidden" && "Notification" in window && Notification.permission === "granted") new Notification(urgent[0], { tag: "urgent" });
}

function sound_shown() {
  const button = $("#sound");
  button.setAttribute("aria-pressed", sounding());
  button.textContent = sounding() ? "Sound for what is urgent: on" : "Sound for what is urgent: off";
}

const quiet = () => scrollY < 4 && document.visibilityState === "visible" && !list.contains(document.activeElement) && !list.matches(":hover");
const row_of = (dossier) => $(`.row[data-dossier="${CSS.escape(dossier)}"]`, list);

async function fragment(address) {
  try {
    const answer = await fetch(address, { headers: { "X-Fragment": "1" } });
    return answer.ok ? await answer.text() : "";
  } catch {
    return "";
  }
}

function parsed(html) {
  const box = document.createElement("template");
  box.innerHTML = html; // made and escaped by our own server
  return box.content;
}

function refresh(row, fresh) {
  const before = $(".status", row).textContent.trim(), after = $(".status", fresh).textContent.trim();
  const focused = row.contains(document.activeElement), here = row.classList.contains("here");
  const note = $(".changed", row), words = note.hidden ? "" : note.textContent;
  $(".open", row).innerHTML = $(".open", fresh).innerHTML;
  row.className = `${fresh.className}${here ? " here" : ""}`;
  for (const key of Object.keys(row.dataset)) delete row.dataset[key];
  Object.assign(row.dataset, fresh.dataset);
  if (focused) $(".open", row).focus({ preventScroll: true });
  mark_changed(row, before !== after ? `Changed just now, was: ${before}` : words);
}

function mark_changed(row, words) {
  if (!words) return;
  $(".changed", row).textContent = words;
  $(".changed", row).hidden = false;
  setTimeout(() => { const note = $(".changed", row); if (note.textContent === words) note.hidden = true; }, CHANGED_MS);
}

async function reread() {
  if (!list) return;
  const html = await fragment(`/fragments/list?view=${list.dataset.view}&rows=${list.dataset.rows}`);
  if (!html) return;
  const focus = document.activeElement.closest?.(".row")?.dataset.dossier;
  const here = $(".row.here", list)?.dataset.dossier;
  list.innerHTML = html;
  waiting.clear();
  if (here) { row_of(here)?.classList.add("here"); $(".open", row_of(here) || list)?.setAttribute("aria-current", "true"); }
  if (focus) $(".open", row_of(focus) || list)?.focus({ preventScroll: true });
  counted();
}

function counted() {
  const button = $("#news");
  button.disabled = waiting.size === 0;
  button.textContent = waiting.size ? `↑ ${waiting.size} new` : "Nothing new";
  const open = all(".row:not(.done)", list).length + waiting.size;
  const urgent = all(".row[data-urgent]", list).length;
  if (page === "queue") document.title = `${urgent || open ? `(${urgent || open}) ` : ""}Queue · Copytaster`;
  if (list.dataset.view === "open") $("#count-open").textContent = open;
  if (list.dataset.view === "all" || list.dataset.view === "mine") $("#count-mine").textContent = all(".row", list).filter((one) => one.dataset.holder === me).length;
}

let spoke = 0;
function speak(count, urgent) {
  if (Date.now() - spoke < 10000) return;
  spoke = Date.now();
  say(`${count} new${urgent.length ? `, ${urgent.length} urgent: ${urgent[0]}` : ""}`);
}
const say = (words) => { $("#spoken").textContent = words; };

// ---- acts: the result at once, undone for eight seconds; a failed one stays until it is dealt with

const NAMES = { acknowledge: "acknowledgement", claim: "claim", release: "release", confirm: "check", wrong: "“Wrong”", follow: "following", unfollow: "unfollowing", mute: "mute", unmute: "unmuting", retract: "retraction", merge: "merge", split: "split" };
const under_way = new Set();
let lastAct = null, failed = null;

const focus_of = () => (list && document.activeElement.closest(".row")) || $(".dossier[data-dossier]");

async function act(kind, extra = {}, from = focus_of()) {
  if (!from || under_way.has(kind + from.dataset.dossier)) return;
  const subject = { ...from.dataset }, key = kind + subject.dossier;
  under_way.add(key);
  const body = new URLSearchParams({ kind, dossier: subject.dossier, alert: subject.alert || "", ...extra });
  if (kind === "acknowledge") { row_done(subject.dossier, true); to_next(from); }
  const slow = setTimeout(() => show(`Saving your ${NAMES[kind] || kind}: the desk has not answered yet. It is not lost, and need not be pressed again.`, {}), SLOW_MS);
  const problem = await send(body, (answer) => show(answer.words, { undo: answer.id }));
  clearTimeout(slow);
  under_way.delete(key);
  if (!problem) return reload_open();
  failed = () => act(kind, extra, row_of_or_pane(subject.dossier));
  if (kind === "acknowledge") row_done(subject.dossier, false);
  show(`Your ${NAMES[kind] || kind} of “${subject.title}” was not saved: ${problem} It is open for everybody as before.`, { again: true });
}

async function send(body, well) {
  try {
    const answer = await fetch("/acts", { method: "POST", body, headers: { "X-Fragment": "1" } });
    if (!answer.ok) return `${await answer.text()}.`;
    well(await answer.json());
    return "";
  } catch {
    return "the desk does not answer.";
  }
}

const row_of_or_pane = (dossier) => (list && row_of(dossier)) || $(".dossier[data-dossier]");
const row_done = (dossier, done) => list && row_of(dossier)?.classList.toggle("done", done);

function show(words, { undo = null, again = false }) {
  lastAct = undo;
  $("#undo-words").textContent = words;
  $("#undo").hidden = false;
  $("#undo-button").hidden = !undo;
  $("#again").hidden = $("#dismiss").hidden = !again;
  say(words);
  clearTimeout(show.timer);
  if (!again) show.timer = setTimeout(put_away, UNDO_MS);
}
const put_away = () => { $("#undo").hidden = true; lastAct = null; };

async function undo() {
  if (!lastAct) return;
  const body = new URLSearchParams({ kind: "undo", undoes: lastAct });
  lastAct = null;
  const problem = await send(body, () => show("Taken back.", {}));
  if (problem) show(`Not taken back: ${problem}`, {});
  await reload_open();
}

const rows = () => all(".row .open", list || document);

function to_next(from) {
  const opens = rows(), at = opens.findIndex((one) => one.closest(".row").dataset.dossier === from.dataset.dossier);
  const next = opens[at + 1] || opens[at - 1];
  if (at < 0 || !next) return;
  const in_pane = !from.classList.contains("row");
  if (beside.matches || !in_pane) next.focus();
  if (in_pane && beside.matches) open_row(next.closest(".row"));
}

// ---- the pane beside the list

async function open_row(row) {
  if (!beside.matches || !list) return void (location.href = $(".open", row).href);
  all(".row.here", list).forEach((one) => { one.classList.remove("here"); $(".open", one).removeAttribute("aria-current"); });
  row.classList.add("here");
  $(".open", row).setAttribute("aria-current", "true");
  history.replaceState(null, "", `/dossiers/${row.dataset.dossier}?view=${list.dataset.view}`);
  scroll_pane_up(await reload_pane(row.dataset.dossier, true));
}

const scroll_pane_up = (shown) => shown && pane.getBoundingClientRect().top < -200 && beside.matches && pane.scrollIntoView({ block: "start" });

const bones = `<div class="bones"><p class="soft" id="reading"></p><div class="bone short"></div><div class="bone"></div><div class="bone"></div><div class="bone short"></div></div>`;

async function reload_pane(dossier, other = false) {
  if (!pane) return false;
  reload_pane.last = dossier;
  const timers = other ? [setTimeout(() => { pane.innerHTML = bones; pane.setAttribute("aria-busy", "true"); }, 300), setTimeout(() => { if ($("#reading")) $("#reading").textContent = "Still reading the dossier…"; }, 3000)] : [];
  const html = await fragment(`/fragments/dossier/${dossier}?view=${list ? list.dataset.view : "open"}`);
  timers.forEach(clearTimeout);
  pane.removeAttribute("aria-busy");
  if (reload_pane.last !== dossier) return false;
  if (!html) { if (other) pane.innerHTML = `<div class="nothing"><p><b>The dossier could not be read.</b> The desk did not answer; the queue beside it is what it last knew.</p><p><button type="button" data-does="reload">Try again</button></p></div>`; return false; }
  const focused = pane.contains(document.activeElement) ? document.activeElement.dataset : null;
  const shown = [all(".choices:not([hidden])", pane).map((one) => one.id), all("details", pane).map((one) => one.open), $("#later", pane)?.classList.contains("shown")];
  pane.innerHTML = html;
  shown[0].forEach((id) => open_choices(id, true));
  all("details", pane).forEach((one, at) => { one.open = shown[1][at] || false; });
  if (shown[2]) does.more($("[data-does=more]", pane));
  if (focused) refocus(focused);
  measure();
  return true;
}

function refocus({ act: kind, answer, choices, does: what }) {
  const same = { claim: "release", release: "claim", follow: "unfollow", unfollow: "follow" }[kind];
  const found = choices ? $(`[data-choices="${choices}"]`, pane) : what ? $(`[data-does="${what}"]`, pane)
    : (answer && $(`.choices:not([hidden]) [data-answer="${answer}"]`, pane)) || $(`.actions > [data-act="${kind}"], .later [data-act="${kind}"], .actions [data-act="${same}"]`, pane) || $(".actions .main", pane);
  found?.focus({ preventScroll: true });
}

async function reload_open() {
  const open = $(".dossier[data-dossier]");
  if (open) await reload_pane(open.dataset.dossier);
}

function open_choices(id, shown) {
  const choices = $(`#${id}`), button = $(`[data-choices="${id}"]`);
  if (!choices) return;
  choices.hidden = !shown;
  button.setAttribute("aria-expanded", shown);
  measure();
}

// ---- keys and buttons

const does = {
  news: async (button) => { await reread(); scrollTo(0, 0); if (button) rows()[0]?.focus({ preventScroll: true }); },
  hold: (button) => { held = !held; button.setAttribute("aria-pressed", held); button.textContent = held ? "Held" : "Hold"; if (!held) reread(); },
  keys: () => { $("#menu").open = false; $("#keys").showModal(); },
  theme: () => {
    const dark = (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${dark ? "light" : "dark"}; path=/; max-age=31536000; samesite=lax`;
  },
  sound: () => {
    localStorage.setItem("sound", sounding() ? "off" : "on");
    if (sounding()) { beep(); if ("Notification" in window && Notification.permission === "default") Notification.requestPermission(); }
    sound_shown();
  },
  wire: async () => {
    const text = $("#wire")?.value;
    if (!text) return;
    const done = await (navigator.clipboard?.writeText(text).then(() => true, () => false) ?? false);
    show(done ? "Copied for the wire." : `Copy this: ${text}`, {});
  },
  undo, retry: connect, reload: () => location.reload(), dismiss: put_away,
  again: () => { put_away(); failed?.(); },
  more: (button) => { const shown = $("#later").classList.toggle("shown"); button.setAttribute("aria-expanded", shown); button.textContent = shown ? "Less" : "More"; measure(); },
  choices: (button) => {
    const id = button.dataset.choices, shown = $(`#${id}`).hidden;
    all(".actions .choices").forEach((one) => open_choices(one.id, false));
    open_choices(id, shown);
    if (shown) $(`#${id} button`).focus({ preventScroll: true });
  },
};

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-acts]");
  if (!form) return;
  event.preventDefault();
  const { kind, dossier, ...rest } = Object.fromEntries(new FormData(form));
  act(kind, rest, $(".dossier[data-dossier]"));
});

document.addEventListener("click", (event) => {
  if ($("#menu").open && !event.target.closest("#menu")) $("#menu").open = false;
  const button = event.target.closest("[data-does], [data-act]");
  if (button?.dataset.does) return does[button.dataset.does](button);
  if (button) return pressed(button);
  const open = event.target.closest(".row .open");
  if (open && list && !event.metaKey && !event.ctrlKey && !event.shiftKey && beside.matches) {
    event.preventDefault();
    open_row(open.closest(".row"));
  }
});

function pressed(button) {
  const { act: kind, answer } = button.dataset;
  const choices = button.closest(".actions .choices");
  if (choices) { open_choices(choices.id, false); $(`[data-choices="${choices.id}"]`).focus({ preventScroll: true }); }
  act(kind, answer ? { answer } : {}, $(".dossier[data-dossier]"));
}

function move(by) {
  const opens = rows(), at = opens.indexOf(document.activeElement);
  const here = at >= 0 ? at : opens.findIndex((one) => one.closest(".row").classList.contains("here"));
  opens[Math.min(Math.max(here + by, 0), opens.length - 1)]?.focus();
}

async function ask(id) {
  const row = document.activeElement.closest?.(".row");
  const open = $(".dossier[data-dossier]");
  if (row && row.dataset.dossier !== open?.dataset.dossier) {
    if (!beside.matches) return open_row(row);
    await open_row(row);
  }
  const button = $(`[data-choices="${id}"]`);
  if (!button) return;
  if (!beside.matches && !$("#later").classList.contains("shown") && button.closest("#later")) does.more($("[data-does=more]"));
  does.choices(button);
}

async function wire() {
  const row = document.activeElement.closest?.(".row");
  if (row && list && beside.matches && row.dataset.dossier !== $(".dossier[data-dossier]")?.dataset.dossier) await open_row(row);
  await does.wire();
}

function back() {
  if ($("#menu").open) { $("#menu").open = false; return void $("#menu summary").focus(); }
  const shown = $(".actions .choices:not([hidden])");
  if (shown) { open_choices(shown.id, false); return void $(`[data-choices="${shown.id}"]`).focus({ preventScroll: true }); }
  if (beside.matches && $(".row.here .open")) $(".row.here .open").focus();
  else if (page === "dossier") location.href = $(".back a").href;
}

const mine = () => focus_of()?.dataset;
const keys = {
  j: () => move(1), k: () => move(-1), o: () => { const row = document.activeElement.closest(".row"); if (row) open_row(row); },
  u: back, Escape: back, n: () => list && waiting.size && does.news(), e: () => act("acknowledge"),
  c: () => act(mine()?.holder === me ? "release" : "claim"), f: () => act((mine()?.followers || "").split(" ").includes(me) ? "unfollow" : "follow"),
  y: () => ask("confirm"), w: () => ask("wrong"), m: () => ask("mute"), x: wire, z: undo, "?": does.keys,
  v: () => { const url = mine()?.url; if (/^https?:/.test(url || "")) open(url, "_blank", "noopener,noreferrer"); },
  "/": () => { const field = $("#words") || $("#q"); if (field.checkVisibility()) field.focus(); else location.href = "/search"; },
};
const places = { q: "/queue", f: "/following", r: "/rules", s: "/sources", d: "/delivery" };
let prefix = false;

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || $("#keys").open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (localStorage.getItem("keys") === "off" && event.key !== "?" && event.key !== "Escape") return;
  if (prefix) {
    prefix = false;
    if (places[event.key]) { event.preventDefault(); location.href = places[event.key]; }
    return;
  }
  if (event.key === "g") { prefix = true; setTimeout(() => { prefix = false; }, 1500); return; }
  if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
});

// ---- bars that stay in sight never hide what has the focus

function measure() {
  const high = (element) => (element && getComputedStyle(element).position !== "static" ? element.getBoundingClientRect().height : 0);
  const style = document.documentElement.style, nav = beside.matches ? 0 : high($(".top nav"));
  style.setProperty("--nav", `${nav}px`);
  style.setProperty("--below", `${Math.min(nav + high($(".actions")) + 8, innerHeight / 2)}px`);
  style.setProperty("--above", `${Math.min(high($(".top")) + high($(".tools")) + 8, innerHeight / 2)}px`);
}

// ---- the rule builder: what it would have done is asked anew when a slot changes

const builder = $("#builder");
let asked = 0;
if (builder) builder.addEventListener("change", async (event) => {
  if (event.target.name !== "document" && !event.target.closest(".slots-of-rule")) return;
  const text = $("[name=document]", builder), sent = text.value, number = ++asked;
  const body = new URLSearchParams([...new FormData(builder), ["do", "try"]]);
  const answer = await fetch("/rules", { method: "POST", body, headers: { "X-Fragment": "1" } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = parsed(await answer.text());
  if (number !== asked || text.value !== sent) return; // what was written meanwhile stands
  for (const id of ["#would", "#aloud"]) $(id).innerHTML = $(id, fresh).innerHTML;
  if (event.target.name === "document" && $(".slots-of-rule", builder) && $(".slots-of-rule", fresh)) {
    const open = all(".slot-choice", builder).map((one) => one.open);
    $(".slots-of-rule", builder).innerHTML = $(".slots-of-rule", fresh).innerHTML;
    all(".slot-choice", builder).forEach((one, at) => { one.open = open[at]; });
  }
  if (!$("[name=were]", fresh) || !$("[name=were]", builder)) return;
  const said = all(".slot-choice summary b", fresh);
  all(".slot-choice summary b", builder).forEach((one, at) => { if (said[at]) one.textContent = said[at].textContent; });
  text.value = $("[name=document]", fresh).value;
  $("[name=were]", builder).value = $("[name=were]", fresh).value;
  builder.dataset.tried = Number(builder.dataset.tried || 0) + 1;
});

// ---- begin

const looked = () => { document.cookie = `looked=${Math.floor(now() / 1000)}; path=/; max-age=2592000; samesite=lax`; };
addEventListener("pagehide", () => { looked(); stream?.close(); });
addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
sound_shown();
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") looked(); });
addEventListener("resize", measure);
$("#keys-off").checked = localStorage.getItem("keys") === "off";
$("#keys-off").addEventListener("change", (event) => localStorage.setItem("keys", event.target.checked ? "off" : "on"));
if (list) {
  addEventListener("pagehide", () => { if (page === "queue" && location.pathname === "/queue") sessionStorage.setItem(`scroll ${location.search}`, scrollY); });
  if (page === "queue") scrollTo(0, Number(sessionStorage.getItem(`scroll ${location.search}`) || 0));
  counted();
}
measure();
if (page === "dossier" && beside.matches) $(".row.here")?.scrollIntoView({ block: "nearest" });
if (!("out" in document.body.dataset)) { connect(); setInterval(watch, 1000); }
