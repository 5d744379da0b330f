// Hands a stick in that is larger than one upload: in portions, applications before documents.
// Without this script the form hands in as much as one upload takes.

const form = document.querySelector("form[data-megabytes]");
const said = document.getElementById("said");
const progress = document.getElementById("progress");
const button = form.querySelector("button");
const MESSAGE = /^[0-9a-f]{1,64}-[0-9a-f]{1,16}\.(batch|piece)$/;

function chosen() {
  const files = [...form.folder.files, ...form.files.files].filter((file) => MESSAGE.test(file.name));
  const isPiece = (file) => file.name.endsWith(".piece");
  return files.sort((a, b) => isPiece(a) - isPiece(b) || (a.name < b.name ? -1 : 1));
}

function portions(files) {
  const bytesMax = (Number(form.dataset.megabytes) - 1) * 2 ** 20; // what frames the files takes room
  const filesMax = Number(form.dataset.filesMax) - 10;
  const made = [[]];
  let bytes = 0;
  for (const file of files) {
    if (made.at(-1).length && (bytes + file.size > bytesMax || made.at(-1).length === filesMax)) {
      made.push([]);
      bytes = 0;
    }
    made.at(-1).push(file);
    bytes += file.size;
  }
  return made;
}

async function handIn(files) {
  let page = "";
  let visit = form.visit?.value ?? "";
  let done = 0;
  progress.max = files.length;
  progress.hidden = false;
  for (const portion of portions(files)) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.csrfmiddlewaretoken.value);
    if (visit) body.append("visit", visit);
    for (const file of portion) body.append("files", file, file.name);
    const answer = await fetch(form.action, { method: "POST", body });
    visit = /\/stick\/(\d+)$/.exec(new URL(answer.url).pathname)?.[1] ?? "";
    if (!answer.ok || !visit) throw new Error(String(answer.status));
    page = answer.url;
    done += portion.length;
    progress.value = done;
    said.textContent = `${done} / ${files.length}`;
  }
  return page;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const files = chosen();
  if (!files.length) {
    said.textContent = form.dataset.nothing;
    return;
  }
  button.disabled = true;
  try {
    location.assign(await handIn(files));
  } catch {
    said.textContent = form.dataset.failed;
    button.disabled = false;
  }
});
