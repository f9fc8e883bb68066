const [start, end] = ['<!-- measured: readers -->', '<!-- end: readers -->'];

/** The tables that stand in a page. Throws for a page that has no place for them. */
export function tablesIn(page: string): string {
  const text = page.split(start)[1]?.split(end);
  if (text?.length !== 2) throw new Error(`the page has no ${start} with an ${end} behind it`);
  return text[0]!.trim();
}

/** The page with other tables. */
export function replaceTables(page: string, text: string): string {
  return page.replace(tablesIn(page), () => text);
}
