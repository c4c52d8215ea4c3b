import unit from "../vitest.config.ts";
import { slowUnitTests } from "./slow-unit-tests.js";

/** The unit tests that `npm run test:unit` leaves out. */
export default { ...unit, test: { ...unit.test, include: slowUnitTests, exclude: [] } };
