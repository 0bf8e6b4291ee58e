/// `workbench bench annotation`: how fast the desk and everything around it is, at the size of a
/// large project.
///
/// What needs a server is measured from outside: the server runs in a process of its own with its
/// own database, and is asked over HTTP as browsers ask. What is arithmetic alone runs in this
/// process, beside the peer's program where one is given.
@NullMarked
package org.alignmentworkbench.app.bench.desk;

import org.jspecify.annotations.NullMarked;
