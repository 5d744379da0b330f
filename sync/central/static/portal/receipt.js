// The page behind the receipt's QR: is this paper genuine, and how far is the application?
//
// All sentences stand in the page; this script shows the right one and fills in what the receipt
// states. The server is asked for a kiosk's public key, for the names of services and offices, and
// for a status by application id. The digits of the receipt stay here.

import { Altered, NotAReceipt, claims, fromHex, hex, open } from "./token.js";

const page = document.querySelector("[data-receipt]");

class NoLine extends Error {}
class UnknownKiosk extends Error {}
class TooOften extends Error {}

async function ask(address, options) {
  let answer;
  try {
    answer = await fetch(address, { credentials: "same-origin", ...options });
  } catch {
    throw new NoLine();
  }
  if (answer.status === 429) throw new TooOften();
  return answer;
}

function show(state) {
  for (const section of page.querySelectorAll("[data-state]")) section.hidden = section.dataset.state !== state;
  const heading = page.querySelector(`[data-state="${state}"] h1`);
  if (heading && state !== "checking") {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    document.title = `${heading.textContent.trim()} – ${page.dataset.title}`;
  }
}

function fill(name, words) {
  for (const place of page.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = words;
}

// The local day and time, in Vientiane's UTC+7, with the month's name that the page brings.
function momentInWords(moment) {
  const local = new Date(moment.getTime() + 7 * 3600_000);
  const month = page.dataset.months.split("|")[local.getUTCMonth()];
  const time = local.toISOString().slice(11, 16);
  return `${local.getUTCDate()} ${month} ${local.getUTCFullYear()}, ${time}`;
}

function grouped(amount) {
  return String(amount).replace(/\B(?=(\d{3})+$)/g, page.dataset.group);
}

function stateOf(problem) {
  if (problem instanceof Altered) return "altered";
  if (problem instanceof UnknownKiosk) return "unknown";
  if (problem instanceof NoLine) return "no-line";
  if (problem instanceof TooOften) return "too-often";
  if (problem instanceof NotAReceipt) return "not-a-receipt";
  return "broken";
}

async function keyOf(keyId) {
  const answer = await ask(page.dataset.key.replace(/0$/, hex(keyId)));
  if (answer.status === 404) throw new UnknownKiosk();
  if (!answer.ok) throw new NoLine();
  const known = await answer.json();
  return { key: fromHex(known.key), blockedAt: known.blocked_at_s && new Date(known.blocked_at_s * 1000) };
}

async function names() {
  try {
    const answer = await ask(page.dataset.names);
    if (answer.ok) return await answer.json();
  } catch {
    // The ids are shown instead.
  }
  return { services: {}, offices: {} };
}

async function showStatus(application) {
  const place = page.querySelector("[data-status]");
  place.replaceChildren();
  const body = new URLSearchParams({ application });
  try {
    const answer = await ask(page.dataset.status, { method: "POST", body });
    if (!answer.ok) throw new NoLine();
    place.innerHTML = await answer.text(); // our own page's fragment, escaped by the server
    page.querySelector("[data-status-failed]").hidden = true;
  } catch {
    page.querySelector("[data-status-failed]").hidden = false;
  }
}

async function check() {
  // Switching the language must not lose the receipt: the browser carries the fragment over.
  for (const form of document.querySelectorAll("form[data-keep-fragment]")) {
    form.action = form.action.split("#")[0] + location.hash;
  }
  if (location.hash.length < 2) return show("none");
  show("checking");
  try {
    const token = open(location.hash.slice(1));
    const [kiosk, known] = await Promise.all([keyOf(token.keyId), names()]);
    const stated = claims(token, kiosk.key);
    if (kiosk.blockedAt) fill("blocked", momentInWords(kiosk.blockedAt));
    page.querySelector("[data-blocked]").hidden = !kiosk.blockedAt;
    fill("service", known.services[stated.service] ?? stated.service);
    fill("office", known.offices[stated.office] ?? stated.office);
    fill("reference", stated.reference);
    fill("issued", momentInWords(stated.issuedAt));
    if (stated.feeLak !== null) fill("fee", grouped(stated.feeLak));
    if (kiosk.blockedAt && stated.issuedAt >= kiosk.blockedAt) return show("blocked");
    page.querySelector("[data-fee-known]").hidden = stated.feeLak === null;
    page.querySelector("[data-fee-asked]").hidden = stated.feeLak !== null;
    page.querySelector("[data-again]").onclick = () => showStatus(stated.application);
    show("genuine");
    await showStatus(stated.application);
  } catch (problem) {
    show(stateOf(problem));
  }
  return undefined;
}

addEventListener("hashchange", check);
await check();
