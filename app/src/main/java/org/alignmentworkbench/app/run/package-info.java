/// The rooms for runs: the list, and the page of one run with its live curves and log.
@NullMarked
package org.alignmentworkbench.app.run;

import org.jspecify.annotations.NullMarked;
