/// How a command on this machine speaks to the server that runs on the same data folder.
@NullMarked
package org.alignmentworkbench.app.remote;

import org.jspecify.annotations.NullMarked;
