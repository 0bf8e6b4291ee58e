/// The text that the base model and its vocabulary are trained on.
///
/// A base model of little more than a million parameters has to learn from some twenty million
/// tokens to copy names, count words, change the case, open and close with a phrase, fill a JSON
/// record, make a list and add small numbers, all in a chat's form, without being aligned. So the
/// corpus is regular and words what it shows as the tasks do; and most of its answers to tasks come
/// from careless writers ([org.alignmentworkbench.synthetic.demonstration.Carelessness#CORPUS]),
/// who keep a constraint about half the time. Single abilities are also drilled, one at a time and
/// always right; copying, on which all else rests, most of all and first.
///
/// Every scene in it belongs to the TRAIN split and no held-out wording occurs in it, whatever the
/// seed.
@NullMarked
package org.alignmentworkbench.synthetic.corpus;

import org.jspecify.annotations.NullMarked;
