// A picture that is pasted or dropped goes nowhere: the browser would put nothing into the form, or open the file in
// place of the page. Here the page says why. Without this script nothing can be sent either: no form takes a file.

const said = document.querySelector("[data-no-pictures]");

function refuse(event, transfer) {
  const file = [...(transfer?.items ?? [])].some((item) => item.kind === "file");
  if (!file) return;
  event.preventDefault();
  if (event.type !== "dragover" && said) said.hidden = false;
}

document.addEventListener("paste", (event) => refuse(event, event.clipboardData));
document.addEventListener("drop", (event) => refuse(event, event.dataTransfer));
document.addEventListener("dragover", (event) => refuse(event, event.dataTransfer));
