package dev.tale.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row as Tale sees it: a prompt and what is right. An immutable value, made from the user's own
 * object; it is checked by the {@link Task} or the {@link Shots} that it is put into, where the row
 * has a name.
 */
public final class Example {
  private final @Nullable String id;
  private final RowContent content;

  private Example(@Nullable String id, RowContent content) {
    this.id = id;
    this.content = content;
  }

  /**
   * Returns a row with a right choice among several.
   *
   * @param prompt text before the choice, without the delimiter; may be empty
   * @param choices at least 2 texts, none empty, without the delimiter. A wrong text may occur
   *     twice; the first one then wins a tie, as everywhere
   * @param gold 0-based position of the right choice, whose text occurs once
   * @throws NullPointerException if something is null; the message names it
   */
  public static Example multipleChoice(String prompt, List<String> choices, int gold) {
    return new Example(null, new Choices(given("prompt", prompt), given("choice", choices), gold));
  }

  /**
   * Returns a row with a right context among several, told by what comes after it: the context wins
   * after which the model finds the continuation most probable. This is the partial evaluation of
   * WinoGrande, where the contexts are the sentence up to its blank with one option each, and the
   * continuation is the rest of the sentence.
   *
   * @param prompts at least 2 texts; a wrong one may occur twice
   * @param continuation what follows each of them, not empty, without the delimiter
   * @param gold 0-based position of the right context, whose text occurs once
   * @throws NullPointerException if something is null; the message names it
   */
  public static Example multipleContexts(List<String> prompts, String continuation, int gold) {
    return new Example(
        null, new Contexts(given("prompt", prompts), given("continuation", continuation), gold));
  }

  /**
   * Returns a row whose answer the model generates.
   *
   * @param prompt text to continue, not empty
   * @param reference a right answer, not empty; the one shown when this row is a shot
   * @param others further right answers
   * @throws NullPointerException if something is null; the message names it
   */
  public static Example generation(String prompt, String reference, String... others) {
    List<String> references = new ArrayList<>(List.of(given("reference", reference)));
    Objects.requireNonNull(others, "The list of further references is null; give texts");
    references.addAll(given("further reference", Arrays.asList(others)));
    return new Example(null, new References(given("prompt", prompt), List.copyOf(references)));
  }

  private static String given(String name, String text) {
    return Objects.requireNonNull(text, () -> "The " + name + " is null; give a text");
  }

  private static List<String> given(String name, List<String> texts) {
    Objects.requireNonNull(texts, () -> "The list of " + name + "s is null; give texts");
    for (int i = 0; i < texts.size(); i++) {
      given(name + " " + i, texts.get(i));
    }
    return List.copyOf(texts);
  }

  static Example of(String id, RowContent content) {
    return new Example(id, content);
  }

  /** Returns this row with an identifier of the user's own, unique in its task. */
  public Example withId(String newId) {
    return new Example(given("identifier", newId), content);
  }

  /** Returns the user's identifier, if there is one. */
  public Optional<String> id() {
    return Optional.ofNullable(id);
  }

  /**
   * Returns the text before the answer, without format and shots; the right one of several
   * contexts.
   *
   * @throws IndexOutOfBoundsException if gold is none of the contexts
   */
  public String prompt() {
    return content.prompt();
  }

  /**
   * Returns the answer that is shown when this row is a shot: the gold choice, the continuation or
   * the reference.
   *
   * @throws IndexOutOfBoundsException if gold is none of the choices
   */
  public String target() {
    return content.target();
  }

  RowContent content() {
    return content;
  }

  /** Two examples are equal if identifier and content are. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Example that && id().equals(that.id()) && content.equals(that.content);
  }

  @Override
  public int hashCode() {
    return 31 * id().hashCode() + content.hashCode();
  }

  @Override
  public String toString() {
    return id == null ? content.toString() : id + ": " + content;
  }
}
