// Photos of a phone are made smaller before they travel; without this script they travel as they are.
"use strict";

const LONGEST = 2400;
const LARGE = 1_500_000;

async function smaller(file) {
  if (!file.type.startsWith("image/") || file.size < LARGE) return file;
  const picture = await createImageBitmap(file); // upright by itself; older browsers know no name for that
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.[^.]+$/, "") + ".jpg", { type: "image/jpeg" });
}

async function shrink(input) {
  const most = Number(input.dataset.most || 9);
  const chosen = new DataTransfer();
  for (const file of [...input.files].slice(0, most)) {
    // A picture that this browser cannot read is sent as it is; the server judges it.
    chosen.items.add(await smaller(file).catch(() => file));
  }
  input.files = chosen.files;
}

document.addEventListener("change", (event) => {
  if (event.target.matches && event.target.matches("input[type=file][data-photos]")) shrink(event.target);
});
