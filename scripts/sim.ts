/** `npm run sim -- …`: the simulator's command line. */
import "../sim/src/cli.ts";
