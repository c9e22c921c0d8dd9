import { killedAtEachStep } from "./killedAtEachStep";

killedAtEachStep("nginx");
