/// Who comes and who may do what where: invitations, cohorts, membership.
@NullMarked
package org.alignmentworkbench.app.people;

import org.jspecify.annotations.NullMarked;
