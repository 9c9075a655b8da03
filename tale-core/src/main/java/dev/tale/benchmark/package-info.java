/**
 * Published benchmarks, and the user's own, as tasks. {@link dev.tale.benchmark.Benchmark} asks as
 * lm-evaluation-harness does, or as the TALE paper does; {@link dev.tale.benchmark.Tasks} as a
 * description of the user's own says. Every task is a description and a data file; the built-in
 * descriptions are resources of this package, read as the user's own are.
 *
 * <h2>Descriptions</h2>
 *
 * <p>A mapping in YAML or JSON. Unknown and repeated keys are refused, and so are YAML's anchors,
 * aliases and tags. Every error names the file and the line.
 *
 * <table>
 * <caption>Keys of a description</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>{@code name}</td><td>the task's name, required</td></tr>
 * <tr><td>{@code type}</td><td>{@code multiple_choice} (by log-likelihood) or {@code generation}, required</td></tr>
 * <tr><td>{@code base}</td><td>a built-in task; what is not said here is as there</td></tr>
 * <tr><td>{@code data}</td><td>the file with the rows, relative to the description</td></tr>
 * <tr><td>{@code fields}</td><td>what templates call the values of a row. A path ({@code question.stem}; in a
 *     list, the field of every item), a template over the row, a list of these, {@code {list: path, each:
 *     template}} (the template sees {@code item}), or {@code {file_name: regex}} (its first group). Without
 *     {@code fields}, the row's own names</td></tr>
 * <tr><td>{@code id}</td><td>path of what no two rows may have in common</td></tr>
 * <tr><td>{@code columns}</td><td>names of the columns of a CSV file without a header</td></tr>
 * <tr><td>{@code schemas}</td><td>several origins of rows, each with a {@code name} and its own {@code fields},
 *     {@code id}, {@code columns} and {@code target}; the first that a row has all fields of is taken</td></tr>
 * <tr><td>{@code check}</td><td>by field, a regular expression that its whole value must match</td></tr>
 * <tr><td>{@code functions}</td><td>by name, a list of edits that templates apply as {@code
 *     {{#name}}text{{/name}}}: {@code trim}, {@code capitalize}, {@code lowercase}, {@code uppercase}, {@code
 *     boxed} (these are functions by themselves too), {@code {replace: text, with: text}}, {@code {remove:
 *     regex}}</td></tr>
 * <tr><td>{@code prompt}</td><td>template of the question, required unless there are {@code contexts}</td></tr>
 * <tr><td>{@code description}</td><td>template of the text before everything else</td></tr>
 * <tr><td>{@code choices}</td><td>a list of templates, a field that is a list, or {@code {list: field, count:
 *     n}}, where each row must have n. Templates see them as {@code options}, each with {@code letter}, {@code
 *     number} and {@code text}</td></tr>
 * <tr><td>{@code contexts}, {@code continuation}</td><td>templates of several contexts and of what follows
 *     each, in place of {@code prompt} and {@code choices}</td></tr>
 * <tr><td>{@code target}</td><td>the right choice: {@code {index: field}} from 0, {@code {letter: field}} from
 *     A, {@code {label: field, among: labels}} with a list of labels (or of lists of spellings), or the field
 *     that has the row's own, or {@code {boolean: field}}, where the second choice is true; in generation
 *     without choices a template, or several for several right answers</td></tr>
 * <tr><td>{@code answer}</td><td>what stands for a choice where it is scored, generated or shown: {@code text}
 *     (default), {@code letter} or {@code number}</td></tr>
 * <tr><td>{@code target_delimiter}, {@code shot_delimiter}</td><td>text before an answer (one space) and after
 *     a shot (a blank line)</td></tr>
 * <tr><td>{@code metric}</td><td>{@code acc} (default), {@code acc_norm} or {@code acc_bytes}; in generation
 *     {@code exact_match} (default), {@code {exact_match: {ignore: [regex], ignore_case: true,
 *     ignore_punctuation: true}}}, {@code numeric}, {@code math_hendrycks} or {@code math_minerva}</td></tr>
 * <tr><td>{@code extraction}</td><td>of the answer from generated text, one step or a list: {@code trim}
 *     (default), {@code as_is}, {@code first_line}, {@code lowercase}, {@code uppercase}, {@code last_number},
 *     {@code boxed}, {@code math_hendrycks}, {@code math_minerva}, {@code {first_match: regex}}, {@code
 *     {last_match: regex}}, {@code {match: regex, index: n}}, {@code {before: [text]}}</td></tr>
 * <tr><td>{@code stops}, {@code max_new_tokens}</td><td>when a generation ends: none, and 256</td></tr>
 * <tr><td>{@code shots}</td><td>{@code count}, {@code select} ({@code first} or {@code sampled}, with a {@code
 *     seed}) and {@code pool}, a file in the form of the rows, or {@code examples}, rows by the names that
 *     templates use; {@code target}, a template of what shots answer, if it is something else</td></tr>
 * <tr><td>{@code chat}</td><td>ask in a conversation: {@code system}, {@code shots_as_turns}, {@code
 *     answer_start}</td></tr>
 * <tr><td>{@code split}</td><td>{@code train}, {@code validation}, {@code test} or {@code unspecified}; told
 *     from the file's name if it is left out</td></tr>
 * </table>
 *
 * <p>Templates are Mustache: {@code {{name}}} is a value, {@code {{#name}}...{{/name}}} goes
 * through a list or applies a function. Nothing is escaped, and a name without a value is an error.
 * Regular expressions are read as {@link dev.tale.task.Extraction} says.
 */
package dev.tale.benchmark;
