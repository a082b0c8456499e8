// The page put together: controls, grid, dialog and marks.

const study = new Study(window.STUDY);
const marks = new Marks(study.key);
const control = (id) => document.getElementById(id);
let descending = false;

const grid = new Grid(control("grid"), study, marks, (place) => viewer.open(place));
const viewer = new Viewer(study, marks, {
  images: () => grid.images,
  onMark: refreshMarks,
  onClose: (place) => {
    if (location.hash.startsWith("#image=")) history.replaceState(null, "", location.pathname);
    relist(place);
  },
});
grid.onWrong = (at) => {
  marks.set(study.name[at], { wrong: !marks.of(study.name[at]).wrong });
  refreshMarks(at);
};

function fillControls() {
  const ranks = study.groupRank();
  const groups = study.groups.map((name, at) => [name || "no group", at]);
  groups.sort((a, b) => ranks[a[1]] - ranks[b[1]]);
  control("group").append(
    element("option", { value: "", textContent: "all groups" }),
    ...groups.map(([name, at]) => element("option", { value: at, textContent: name })),
  );
  control("group").parentElement.hidden = groups.length < 2;
  control("sort").append(
    ...study.orders.map(([id, word]) => element("option", { value: id, textContent: word })),
  );
}

function list() {
  const sort = control("sort").value;
  const images = study.find({
    text: control("text").value, group: control("group").value, show: control("show").value,
    sort, descending,
  }, marks);
  const row = sort.startsWith("share-") ? Number(sort.slice(6)) : null;
  grid.measure = row === null ? null
    : (at) => `${percent(study.share(at, row))} ${study.palettes[0][row][1]}`;
  grid.show(images);
  control("empty").hidden = images.length > 0;
  const n = images.length.toLocaleString("en");
  const all = study.size.toLocaleString("en");
  const things = study.size === 1 ? "image" : "images";
  control("count").textContent = `${images.length === study.size ? "" : `${n} of `}${all} ${things}`;
}

// After marks were made: what is listed by them may not belong there any more.
function relist(place) {
  if (control("show").value !== "all" || control("text").value) {
    const image = grid.images[place];
    list();
    const now = grid.images.indexOf(image);
    grid.focus(now < 0 ? Math.min(place, grid.images.length - 1) : now);
    if (!grid.images.length) control("show").focus();
  } else {
    grid.focus(place);
  }
}

function refreshMarks(at) {
  grid.refreshMark(at);
  const n = marks.byName.size;
  control("export").textContent = n ? `Export ${n.toLocaleString("en")} mark${n === 1 ? "" : "s"}` : "Export marks";
  control("export").disabled = n === 0;
  control("unkept").hidden = marks.kept;
}

function exportMarks() {
  const file = new Blob([marks.csv(study)], { type: "text/csv" });
  const link = element("a", { href: URL.createObjectURL(file), download: "marked.csv" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// Where a point of the ordination leads: to an image, listed or not.
function openLinked() {
  const found = /^#image=(\d+)$/.exec(location.hash);
  if (!found || Number(found[1]) >= study.size) return;
  let place = grid.images.indexOf(Number(found[1]));
  if (place < 0) {
    reset();
    place = grid.images.indexOf(Number(found[1]));
  }
  viewer.open(place);
}

function reset() {
  control("text").value = "";
  control("group").value = "";
  control("show").value = "all";
  list();
}

async function printListed() {
  await grid.layOutForPrint();
  print();
}

fillControls();
control("controls").addEventListener("submit", (event) => event.preventDefault());
for (const id of ["text", "group", "show", "sort"]) control(id).addEventListener("input", list);
control("direction").addEventListener("click", () => {
  descending = !descending;
  control("direction").textContent = descending ? "↓ descending" : "↑ ascending";
  control("direction").setAttribute("aria-pressed", descending);
  list();
});
control("reset").addEventListener("click", reset);
control("export").addEventListener("click", exportMarks);
control("print").addEventListener("click", printListed);
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "p") {
    event.preventDefault();
    printListed();
  }
});
addEventListener("beforeprint", () => { if (!grid.printing) grid.layOutForPrint(); });
addEventListener("afterprint", () => grid.leavePrint());
addEventListener("hashchange", openLinked);
// Another tab of the same report has marked an image.
addEventListener("storage", (event) => {
  if (event.key !== marks.key) return;
  marks.load();
  refreshMarks(-1);
  list();
});
list();
refreshMarks(-1);
openLinked();
