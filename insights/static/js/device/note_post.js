// A kept note in the words of the API (NotePost). A field without value is left out.

export function notePost(record) {
  const { fields } = record;
  const post = {
    id: record.id,
    text: fields.text,
    kind: fields.kind,
    territory: fields.territory,
    segments: fields.segments,
    competitors: fields.competitors,
    products: fields.products,
    dismissed: fields.dismissed,
    account: fields.account,
    question: fields.question ?? null, // a note of an earlier release has none
    known: fields.known,
    impact: fields.impact,
    audience: fields.sealed ? "sealed" : null,
    captured_at: record.captured_at,
    latitude: record.latitude,
    longitude: record.longitude,
  };
  const given = Object.entries(post).filter(([, value]) => value !== null && value?.length !== 0);
  // Also when nothing was: it says that the person was asked.
  return { ...Object.fromEntries(given), acknowledged: fields.acknowledged };
}
