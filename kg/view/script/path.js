// "How are these two linked": every shortest path under the present filters.

const MOST_PATHS = 12;
const foundPath = { things: new Set(), bundles: new Set(), routes: [], total: 0 };

function findPaths() {
  Object.assign(foundPath, { things: new Set(), bundles: new Set(), routes: [], total: 0 });
  if (state.path.length < 2) return;
  const [from, to] = state.path;
  const steps = stepsFrom(to, from);
  if (!steps.has(from) || !passing.things.has(from) || !passing.things.has(to)) return;
  foundPath.total = countRoutes(from, to, steps, new Map());
  collectRoutes(from, to, steps, []);
  for (const route of foundPath.routes) {
    for (const { bundle, next } of route) foundPath.things.add(next), foundPath.bundles.add(bundle);
  }
  foundPath.things.add(from);
}

/** Thing → steps to `goal`, breadth first, no further than `start`. */
function stepsFrom(goal, start) {
  const steps = new Map([[goal, 0]]);
  const queue = [goal];
  for (let at = 0; at < queue.length; at += 1) {
    const thing = queue[at];
    if (thing === start) break;
    for (const other of neighbours(thing)) {
      if (!passing.things.has(other) || steps.has(other)) continue;
      steps.set(other, steps.get(thing) + 1);
      queue.push(other);
    }
  }
  return steps;
}

const onwards = (thing, steps) => thing.bundles
  .filter((bundle) => bundle.live.length && steps.get(otherEnd(bundle, thing)) === steps.get(thing) - 1)
  .sort((a, b) => otherEnd(a, thing).rank - otherEnd(b, thing).rank);

function countRoutes(thing, to, steps, known) {
  if (thing === to) return 1;
  if (!known.has(thing)) {
    known.set(thing, onwards(thing, steps).reduce((sum, b) => sum + countRoutes(otherEnd(b, thing), to, steps, known), 0));
  }
  return known.get(thing);
}

function collectRoutes(thing, to, steps, route) {
  if (foundPath.routes.length >= MOST_PATHS) return;
  if (thing === to) {
    foundPath.routes.push(route);
    return;
  }
  for (const bundle of onwards(thing, steps)) {
    const next = otherEnd(bundle, thing);
    collectRoutes(next, to, steps, [...route, { bundle, from: thing, next }]);
  }
}
