// What is live on the desk, and its keys. Everything else is plain pages: without this script they still work.
const page = document.body.dataset.page;
const $ = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const list = $("#list");
const waiting = new Set();
let lastId = document.body.dataset.live, heard = Date.now(), held = false, stale = false, lastAct = null, prefix = "";

// ---- live

const stream = new EventSource(`/live?after=${encodeURIComponent(lastId)}`);
stream.addEventListener("beat", () => alive());
stream.addEventListener("gap", () => { alive(); reread(); });
stream.addEventListener("change", (event) => { alive(); lastId = event.lastEventId; changed(JSON.parse(event.data)); });
stream.addEventListener("build", (event) => { if (event.data !== document.body.dataset.build) say("A new version of the desk is there: reload to get it."); });

function alive() {
  heard = Date.now();
  if (!stale) return;
  stale = false;
  $("#live").classList.remove("stale");
  $("#live-word").textContent = "Live";
  reread();
}

setInterval(() => {
  if (!stale && Date.now() - heard > 10000) {
    stale = true;
    $("#live").classList.add("stale");
    $("#live-word").textContent = `Not live since ${new Date(heard).toISOString().slice(11, 19)}`;
  }
}, 1000);

async function changed({ touched, urgent }) {
  if (list) {
    for (const dossier of touched) {
      const row = $(`.row[data-dossier="${CSS.escape(dossier)}"]`, list);
      if (row) await refresh(row);
      else if (/^[0-9a-f-]{36}$/.test(dossier)) await arrived(dossier);
    }
    if (!held && waiting.size && quiet()) await reread();
    counted();
    if (waiting.size) speak(waiting.size, urgent);
  }
  const open = $(".dossier[data-dossier]");
  if (open && touched.includes(open.dataset.dossier)) await reload_pane(open.dataset.dossier);
}

const quiet = () => scrollY < 4 && document.visibilityState === "visible" && !list.contains(document.activeElement) && !list.matches(":hover");

async function fragment(address) {
  const answer = await fetch(address, { headers: { "X-Fragment": "1" } });
  return answer.ok ? answer.text() : "";
}

function parsed(html) {
  const box = document.createElement("template");
  box.innerHTML = html; // made and escaped by our own server
  return box.content;
}

async function arrived(dossier) {
  const html = await fragment(`/fragments/row/${dossier}?view=${list.dataset.view}`);
  if (html.trim()) waiting.add(dossier);
}

async function refresh(row) {
  const fresh = parsed(await fragment(`/fragments/row/${row.dataset.dossier}?view=all`)).querySelector(".row");
  if (!fresh) return;
  const before = $(".status", row).textContent, now = $(".status", fresh).textContent;
  const focused = row.contains(document.activeElement);
  $(".open", row).innerHTML = $(".open", fresh).innerHTML;
  row.className = `${fresh.className}${row.classList.contains("here") ? " here" : ""}`;
  Object.assign(row.dataset, fresh.dataset);
  if (focused) $(".open", row).focus({ preventScroll: true });
  if (before !== now) {
    const note = $(".changed", row);
    note.textContent = `Changed just now, was: ${before}`;
    note.hidden = false;
    setTimeout(() => { note.hidden = true; }, 60000);
  }
}

async function reread() {
  if (!list) return;
  const html = await fragment(`/fragments/list?view=${list.dataset.view}`);
  if (!html) return;
  const focus = document.activeElement.closest?.(".row")?.dataset.dossier;
  const here = $(".row.here", list)?.dataset.dossier;
  list.innerHTML = html;
  waiting.clear();
  if (here) row_of(here)?.classList.add("here");
  if (focus) $(".open", row_of(focus) || list)?.focus({ preventScroll: true });
  counted();
}

const row_of = (dossier) => $(`.row[data-dossier="${CSS.escape(dossier)}"]`, list);

function counted() {
  const button = $("#news");
  button.disabled = waiting.size === 0;
  button.textContent = waiting.size ? `↑ ${waiting.size} new` : "Nothing new";
  const open = all(".row:not(.done)", list).length + waiting.size;
  const urgent = all(".row[data-urgent]", list).length;
  if (page === "queue") document.title = `${urgent || open ? `(${urgent || open}) ` : ""}Queue · Copytaster`;
  if ($("#count-open") && list.dataset.view === "open") $("#count-open").textContent = open;
}

let spoke = 0;
function speak(count, urgent) {
  if (Date.now() - spoke < 10000) return;
  spoke = Date.now();
  say(`${count} new${urgent ? `, urgent: ${urgent}` : ""}`);
}
const say = (words) => { $("#spoken").textContent = words; };

// ---- acts

async function act(kind, extra = {}) {
  const from = focus_of();
  if (!from) return;
  const body = new URLSearchParams({ kind, dossier: from.dataset.dossier, alert: from.dataset.alert || "", ...extra });
  let answer;
  try {
    answer = await fetch("/acts", { method: "POST", body, headers: { "X-Fragment": "1" } });
  } catch {
    return show_undo(`Not done: the desk does not answer. “${kind}” was not recorded.`, null);
  }
  if (!answer.ok) return show_undo(`Not done: ${await answer.text()}`, null);
  const { id, words } = await answer.json();
  show_undo(words, id);
  if (kind === "acknowledge") to_next(from);
  const open = $(".dossier[data-dossier]");
  if (open) await reload_pane(open.dataset.dossier);
}

function show_undo(words, id) {
  lastAct = id;
  $("#undo-words").textContent = words;
  $("#undo").hidden = false;
  $("#undo button").hidden = !id;
  say(words);
  clearTimeout(show_undo.timer);
  show_undo.timer = setTimeout(() => { $("#undo").hidden = true; lastAct = null; }, 8000);
}

async function undo() {
  if (!lastAct) return;
  const answer = await fetch("/acts", { method: "POST", body: new URLSearchParams({ kind: "undo", undoes: lastAct }), headers: { "X-Fragment": "1" } });
  show_undo(answer.ok ? "Taken back." : `Not taken back: ${await answer.text()}`, null);
  await reread();
}

const focus_of = () => (list && document.activeElement.closest(".row")) || $(".dossier[data-dossier]");

function to_next(from) {
  const row = from.classList.contains("row") ? from : list && row_of(from.dataset.dossier);
  const next = row?.nextElementSibling || row?.previousElementSibling;
  if (!next) return;
  $(".open", next).focus();
  if ($(".dossier") && getComputedStyle($("#pane")).display !== "none" && page === "dossier") open_row(next);
}

// ---- the pane beside the list

async function open_row(row) {
  if (!matchMedia("(min-width: 60.01rem)").matches || !list) return void (location.href = $(".open", row).href);
  await reload_pane(row.dataset.dossier);
  all(".row.here", list).forEach((one) => { one.classList.remove("here"); $(".open", one).removeAttribute("aria-current"); });
  row.classList.add("here");
  $(".open", row).setAttribute("aria-current", "true");
  history.replaceState(null, "", `/dossiers/${row.dataset.dossier}?view=${list.dataset.view}`);
}

async function reload_pane(dossier) {
  const html = await fragment(`/fragments/dossier/${dossier}?view=${list ? list.dataset.view : "open"}`);
  if (!html) return;
  const focused = document.activeElement.dataset?.act || document.activeElement.dataset?.does;
  const inside = $("#pane").contains(document.activeElement);
  $("#pane").innerHTML = html;
  if (inside && focused) $(`[data-act="${focused}"], [data-does="${focused}"]`, $("#pane"))?.focus({ preventScroll: true });
}

// ---- keys and buttons

const does = {
  news: async () => { await reread(); scrollTo(0, 0); $("#list .row .open")?.focus(); },
  hold: (button) => { held = !held; button.setAttribute("aria-pressed", held); button.textContent = held ? "Held" : "Hold"; if (!held) reread(); },
  keys: () => $("#keys").showModal(),
  theme: () => {
    const dark = (document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
    document.documentElement.dataset.theme = dark ? "light" : "dark";
    document.cookie = `theme=${dark ? "light" : "dark"}; path=/; max-age=31536000; samesite=lax`;
  },
  undo,
  wrong: (button) => {
    const choices = $("#wrong");
    choices.hidden = !choices.hidden;
    button?.setAttribute("aria-expanded", !choices.hidden);
    if (!choices.hidden) $("button", choices).focus();
  },
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-does], [data-act]");
  if (button?.dataset.does) return does[button.dataset.does](button);
  if (button) return act(button.dataset.act, button.dataset.answer ? { answer: button.dataset.answer } : {});
  const open = event.target.closest(".row .open");
  if (open && list && !event.metaKey && !event.ctrlKey && !event.shiftKey && matchMedia("(min-width: 60.01rem)").matches) {
    event.preventDefault();
    open_row(open.closest(".row"));
  }
});

function move(by) {
  const rows = all(".row .open", list || document);
  const at = rows.indexOf(document.activeElement);
  const here = at >= 0 ? at : rows.findIndex((one) => one.closest(".row").classList.contains("here"));
  rows[Math.min(Math.max(here + by, 0), rows.length - 1)]?.focus();
}

const keys = {
  j: () => move(1), k: () => move(-1), o: () => { const row = document.activeElement.closest(".row"); if (row) open_row(row); },
  u: back, Escape: back, n: () => waiting.size && does.news(), e: () => act("acknowledge"),
  c: () => { const from = focus_of(); act(from?.dataset.holder === $(".me").title ? "release" : "claim"); },
  y: () => act("confirm", { answer: "read_at_source" }), w: () => $("#wrong") && does.wrong($("[data-does=wrong]")), f: () => act("follow"), m: () => act("mute"),
  v: () => { const url = focus_of()?.dataset.url; if (/^https?:/.test(url || "")) open(url, "_blank", "noopener,noreferrer"); },
  z: undo, "/": () => { location.href = "/why"; }, "?": does.keys,
};
const places = { q: "/queue", f: "/following", r: "/rules", s: "/sources", d: "/delivery" };

function back() {
  if (page !== "dossier") return;
  if (matchMedia("(min-width: 60.01rem)").matches && $(".row.here .open")) $(".row.here .open").focus();
  else location.href = $(".back a").href;
}

document.addEventListener("keydown", (event) => {
  if (event.metaKey || event.ctrlKey || event.altKey || $("#keys").open) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (localStorage.getItem("keys") === "off" && event.key !== "?") return;
  if (prefix === "g") {
    prefix = "";
    if (places[event.key]) { event.preventDefault(); location.href = places[event.key]; }
    return;
  }
  if (event.key === "g") { prefix = "g"; setTimeout(() => { prefix = ""; }, 1500); return; }
  if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
});

$("#keys-off").checked = localStorage.getItem("keys") === "off";
$("#keys-off").addEventListener("change", (event) => localStorage.setItem("keys", event.target.checked ? "off" : "on"));
if (list) {
  addEventListener("pagehide", () => sessionStorage.setItem(`scroll ${location.pathname}`, scrollY));
  if (page === "queue") scrollTo(0, Number(sessionStorage.getItem(`scroll ${location.pathname}`) || 0));
  counted();
}
$(".row.here")?.scrollIntoView({ block: "nearest" });
