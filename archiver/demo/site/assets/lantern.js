document.querySelectorAll("[data-dismiss]").forEach((button) => {
  button.addEventListener("click", () => { button.parentElement.hidden = true; });
});
