// One small module; every page works without it.
import { setUpMenus, setUpShortcuts } from "./menus.js";
import { setUpDesigner } from "./designer.js";
import { setUpDrafts } from "./drafts.js";
import { setUpFiles } from "./files.js";
import { setUpKept } from "./kept.js";
import { setUpLive } from "./live.js";
import { setUpPhases } from "./phases.js";
import { setUpCountdown, setUpJobs, setUpUndo } from "./clocks.js";
import { setUpAppearance, setUpCopy, setUpTwins, setUpPrint, setUpSteppers, focusErrors } from "./page.js";

for (const start of [setUpMenus, setUpShortcuts, setUpAppearance, setUpCopy, setUpTwins, setUpPrint, setUpSteppers, focusErrors, setUpUndo, setUpCountdown, setUpJobs, setUpDrafts, setUpDesigner, setUpLive, setUpPhases, setUpFiles, setUpKept]) {
  try {
    start();
  } catch (problem) {
    console.error(problem);
  }
}
