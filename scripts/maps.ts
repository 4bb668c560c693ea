/** `npm run maps -- …`: the layout tool of the maps package. */
import "../maps/src/cli.ts";
