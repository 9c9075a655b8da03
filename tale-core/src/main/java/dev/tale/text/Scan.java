package dev.tale.text;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An expression on its way through a text, in either engine. */
interface Scan {
  boolean find();

  boolean matches();

  int start();

  int end();

  int groups();

  @Nullable String group(int group);

  /** The whole match and its groups, a null for each that took no part. */
  default List<@Nullable String> match() {
    List<@Nullable String> match = new ArrayList<>();
    for (int group = 0; group <= groups(); group++) {
      match.add(group(group));
    }
    return match;
  }

  /** In time that grows with the text alone, and without recursion. */
  record Linear(com.google.re2j.Matcher matcher) implements Scan {
    @Override
    public boolean find() {
      return matcher.find();
    }

    @Override
    public boolean matches() {
      return matcher.matches();
    }

    @Override
    public int start() {
      return matcher.start();
    }

    @Override
    public int end() {
      return matcher.end();
    }

    @Override
    public int groups() {
      return matcher.groupCount();
    }

    @Override
    public @Nullable String group(int group) {
      return matcher.group(group);
    }
  }

  /** By trying one way after the other. */
  record Backtracking(java.util.regex.Matcher matcher) implements Scan {
    @Override
    public boolean find() {
      return matcher.find();
    }

    @Override
    public boolean matches() {
      return matcher.matches();
    }

    @Override
    public int start() {
      return matcher.start();
    }

    @Override
    public int end() {
      return matcher.end();
    }

    @Override
    public int groups() {
      return matcher.groupCount();
    }

    @Override
    public @Nullable String group(int group) {
      return matcher.group(group);
    }
  }
}
