/// Models by name in a folder, usable without a database, and how models from elsewhere get there.
@NullMarked
package org.alignmentworkbench.model.registry;

import org.jspecify.annotations.NullMarked;
