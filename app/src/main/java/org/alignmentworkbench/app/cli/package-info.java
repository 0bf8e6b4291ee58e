/// The command line. A command on a model alone touches no database; the others start what they
/// need, or speak to the server that runs on the same data folder.
@NullMarked
package org.alignmentworkbench.app.cli;

import org.jspecify.annotations.NullMarked;
