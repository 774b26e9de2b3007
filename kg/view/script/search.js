// Finding by Han characters (simplified or traditional), by pinyin, by initials, or by a mixture (zhuzs, 株zs).

const READINGS = new Map(Object.entries(DATA.readings).map(([character, syllables]) => [character, syllables.split(" ")]));
const SIMPLIFIED = new Map(Object.entries(DATA.simplified));

const fold = (text) => Array.from(text.normalize("NFKC").toLowerCase(), (c) => SIMPLIFIED.get(c) || c).filter((c) => c.trim());

const NAMES = THINGS.map((thing) => [thing.name, ...thing.aliases].map((text) => ({ text, characters: fold(text) })));

/** How the typed characters can be read off `name` from `at` on: the end reached, or -1. `usual` wants first readings. */
function readOff(name, at, typed, from, usual) {
  if (from === typed.length) return at;
  if (at === name.length) return -1;
  if (name[at] === typed[from]) {
    const end = readOff(name, at + 1, typed, from + 1, usual);
    if (end >= 0) return end;
  }
  const syllables = READINGS.get(name[at]) || [];
  for (const syllable of usual ? syllables.slice(0, 1) : syllables) {
    let common = 0;
    while (common < syllable.length && typed[from + common] === syllable[common]) common += 1;
    for (let taken = common; taken > 0; taken -= 1) {
      const end = readOff(name, at + 1, typed, from + taken, usual);
      if (end >= 0) return end;
    }
  }
  return -1;
}

/** The best way in which `name` answers: {grade (lower is better), start, end}, or null. */
function answer(name, typed) {
  const plain = name.join("").indexOf(typed.join(""));
  if (plain >= 0) {
    const start = Array.from(name.join("").slice(0, plain)).length;
    const grade = start > 0 ? 2 : name.length === typed.length ? 0 : 1;
    return { grade, start, end: start + typed.length };
  }
  if (!typed.some((c) => c >= "a" && c <= "z")) return null;
  for (const usual of [true, false]) {
    for (let start = 0; start < name.length; start += 1) {
      const end = readOff(name, start, typed, 0, usual);
      if (end < 0) continue;
      const whole = start === 0 && end === name.length;
      return { grade: (whole ? 3 : start === 0 ? 4 : 5) + (usual ? 0 : 3), start, end };
    }
  }
  return null;
}

/** Things that answer `query`, best first, the more central first among equals: {thing, text, start, end, grade}. */
function search(query) {
  const typed = fold(query.replace(/['’]/g, ""));
  if (!typed.length) return [];
  const found = [];
  THINGS.forEach((thing, rank) => {
    let best = null;
    NAMES[rank].forEach(({ text, characters }, i) => {
      const got = answer(characters, typed);
      if (got && i > 0) got.grade += 0.5;
      if (got && (!best || got.grade < best.grade)) best = { ...got, thing, text, characters };
    });
    if (best) found.push(best);
  });
  return found.sort((a, b) => a.grade - b.grade || a.thing.rank - b.thing.rank);
}
