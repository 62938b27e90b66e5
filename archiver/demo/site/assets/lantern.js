document.querySelectorAll("img[data-src]").forEach((picture) => { picture.src = picture.dataset.src; });
document.querySelectorAll("[data-dismiss]").forEach((button) => {
  button.addEventListener("click", () => { button.parentElement.hidden = true; });
});
