package dev.tale.benchmark;

import dev.tale.model.DataFormatException;
import dev.tale.task.Example;
import dev.tale.text.Excerpt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a row becomes an example.
 *
 * @param generates whether the model writes the answer, rather than choosing among choices
 * @param contexts the contexts of a row that has several; empty if it has a prompt
 * @param text the reference where it is not one of the choices
 */
record RowForm(
    boolean generates,
    Map<String, UnaryOperator<String>> functions,
    List<FieldCheck> checks,
    Optional<TextTemplate> description,
    Optional<TextTemplate> prompt,
    List<TextTemplate> contexts,
    Optional<TextTemplate> continuation,
    Optional<ChoiceRule> choices,
    Optional<TargetRule> position,
    List<TextTemplate> text,
    AnswerForm answer) {

  /** What a row is asked, and the description that stands before it. */
  record Asked(String description, Example example) {}

  Asked asked(SourceRow row, Schema schema) throws DataFormatException {
    Map<String, Object> values = values(row, schema);
    Example example = example(row, values, schema).withId(row.name());
    return new Asked(description(row, values), example);
  }

  /**
   * A row as a shot, with another answer than the row's own if {@code target} says so. What a model
   * is to write need not look like what it is compared with, so that nothing is checked then.
   */
  Asked shot(SourceRow row, Schema schema, Optional<TextTemplate> target)
      throws DataFormatException {
    Map<String, Object> values = generates ? unchecked(row, schema) : values(row, schema);
    Example example =
        target.isPresent()
            ? Example.generation(prompt(row, values, schema), target.get().render(row, values))
            : example(row, values, schema);
    return new Asked(description(row, values), example);
  }

  /** The values of a row by the names that templates use. */
  Map<String, Object> values(SourceRow row, Schema schema) throws DataFormatException {
    Map<String, Object> values = unchecked(row, schema);
    for (FieldCheck check : checks) {
      check.check(row, values, schema);
    }
    return values;
  }

  private Map<String, Object> unchecked(SourceRow row, Schema schema) throws DataFormatException {
    return TextFunction.withFunctions(schema.values(row), functions);
  }

  private String description(SourceRow row, Map<String, Object> values) throws DataFormatException {
    return description.isPresent() ? description.get().render(row, values) : "";
  }

  private String prompt(SourceRow row, Map<String, Object> values, Schema schema)
      throws DataFormatException {
    if (choices.isPresent()) {
      values.put("options", ChoiceRule.options(choices.get().texts(row, values)));
    }
    return filled(prompt, "prompt", row, values, schema);
  }

  private static String filled(
      Optional<TextTemplate> template,
      String what,
      SourceRow row,
      Map<String, Object> values,
      Schema schema)
      throws DataFormatException {
    if (template.isEmpty()) {
      throw row.refused("schema " + schema.name() + " has no " + what + "; add it");
    }
    return template.get().render(row, values);
  }

  private Example example(SourceRow row, Map<String, Object> values, Schema schema)
      throws DataFormatException {
    if (!contexts.isEmpty()) {
      return ofContexts(row, values, schema);
    }
    String asked = prompt(row, values, schema);
    return generates
        ? generation(row, asked, references(row, values, schema))
        : multipleChoice(row, asked, values, schema);
  }

  private Example ofContexts(SourceRow row, Map<String, Object> values, Schema schema)
      throws DataFormatException {
    List<String> prompts = rendered(contexts, row, values);
    String rest = filled(continuation, "continuation", row, values, schema);
    if (rest.isEmpty()) {
      throw row.refused("continuation is empty, but must be what the contexts are told by");
    }
    int gold = gold(row, values, schema, prompts.size());
    return Example.multipleContexts(prompts, rest, unambiguous(row, prompts, gold));
  }

  private Example multipleChoice(
      SourceRow row, String asked, Map<String, Object> values, Schema schema)
      throws DataFormatException {
    List<String> scored = answer.of(texts(row, values));
    int gold = gold(row, values, schema, scored.size());
    return Example.multipleChoice(asked, scored, unambiguous(row, scored, gold));
  }

  private List<String> references(SourceRow row, Map<String, Object> values, Schema schema)
      throws DataFormatException {
    if (choices.isEmpty()) {
      return rendered(text, row, values);
    }
    List<String> texts = texts(row, values);
    return List.of(answer.of(texts).get(gold(row, values, schema, texts.size())));
  }

  private static Example generation(SourceRow row, String asked, List<String> references)
      throws DataFormatException {
    if (references.contains("")) {
      throw row.refused(
          "target is empty, but must be the right answer; give it, or take a file"
              + " that has the answers");
    }
    if (asked.isEmpty()) {
      throw row.refused("prompt is empty, but must be what the model continues; mend the row");
    }
    return Example.generation(
        asked, references.get(0), references.subList(1, references.size()).toArray(new String[0]));
  }

  /** The choices; one may be empty, as in MMLU, where only its letter is scored. */
  private List<String> texts(SourceRow row, Map<String, Object> values) throws DataFormatException {
    List<String> texts = choices.orElseThrow().texts(row, values);
    if (answer == AnswerForm.TEXT && texts.contains("")) {
      throw row.refused(
          "choice " + texts.indexOf("") + " of " + Excerpt.of(texts) + " is empty; give it a text");
    }
    return texts;
  }

  private int gold(SourceRow row, Map<String, Object> values, Schema schema, int count)
      throws DataFormatException {
    TargetRule rule = schema.target().or(() -> position).orElseThrow();
    return rule.position(row, values, count, schema.source(rule.field()));
  }

  private static int unambiguous(SourceRow row, List<String> texts, int gold)
      throws DataFormatException {
    String right = texts.get(gold);
    if (texts.indexOf(right) != texts.lastIndexOf(right)) {
      throw row.refused(
          "choices "
              + texts.indexOf(right)
              + " and "
              + texts.lastIndexOf(right)
              + " are both \""
              + Excerpt.of(right)
              + "\", the right answer; make them differ, or leave the row out");
    }
    return gold;
  }

  private static List<String> rendered(
      List<TextTemplate> templates, SourceRow row, Map<String, Object> values)
      throws DataFormatException {
    List<String> texts = new ArrayList<>(templates.size());
    for (TextTemplate template : templates) {
      texts.add(template.render(row, values));
    }
    return List.copyOf(texts);
  }

  /** Every template with names that rows must have. */
  List<TextTemplate> templates() {
    List<TextTemplate> all = new ArrayList<>(contexts);
    all.addAll(text);
    description.ifPresent(all::add);
    prompt.ifPresent(all::add);
    continuation.ifPresent(all::add);
    choices.ifPresent(rule -> all.addAll(rule.given()));
    return all;
  }
}
