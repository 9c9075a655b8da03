package dev.tale.onnx.session.decode;

import java.util.List;

/**
 * Finished drafts of several requests under several masks.
 *
 * @param byMask drafts by mask, then by request
 * @param promptTokens tokens of prompts that were planned to be fed under one mask
 */
public record Drafts(List<List<Draft>> byMask, long promptTokens) {}
