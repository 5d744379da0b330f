// Offers the ready words of a reason as soon as it is chosen, and never overwrites the officer's.
// Without this script the words appear on the next page.

const words = document.getElementById("words");
let offered = words.value;

for (const choice of document.querySelectorAll("input[data-ready]")) {
  choice.addEventListener("change", () => {
    const isTouched = words.value.trim() !== "" && words.value !== offered;
    if (isTouched) return;
    words.value = choice.dataset.ready;
    offered = words.value;
  });
}
