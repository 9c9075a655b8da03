/**
 * The answers that a model gives to the rows of a task, right or wrong: how many count, how they
 * are spread over the options, how probable all options together are ({@link AnswersGiven}); and
 * what they would be if the model preferred no option for its own sake ({@link Calibration}).
 *
 * <p>Sources: surface-form competition (Holtzman et al. 2021, arXiv 2104.08315), contextual
 * calibration (Zhao et al. 2021, arXiv 2102.09690).
 */
@NullMarked
package dev.tale.answers;

import org.jspecify.annotations.NullMarked;
