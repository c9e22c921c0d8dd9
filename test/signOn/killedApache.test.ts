import { killedAtEachStep } from "./killedAtEachStep";

killedAtEachStep("apache");
