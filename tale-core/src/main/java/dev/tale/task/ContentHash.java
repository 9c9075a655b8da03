package dev.tale.task;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * SHA-256 over a sequence of values that can be read only one way: a text is its length in UTF-8
 * bytes and those bytes, a list is its size and its texts, a number is 8 bytes, all little-endian.
 */
final class ContentHash {
  private final Hasher hasher = Hashing.sha256().newHasher();

  ContentHash add(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hasher.putLong(bytes.length).putBytes(bytes);
    return this;
  }

  ContentHash add(long number) {
    hasher.putLong(number);
    return this;
  }

  ContentHash addAll(List<String> texts) {
    add(texts.size());
    texts.forEach(this::add);
    return this;
  }

  /** The hash in hexadecimal; nothing can be added after this. */
  String hex() {
    return hasher.hash().toString();
  }

  /** The first 8 bytes of the hash; nothing can be added after this. */
  long toLong() {
    return hasher.hash().asLong();
  }
}
