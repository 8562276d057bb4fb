"""Everything that can be taken away: CSV reports and workbooks. One list of reports, one writer for each format."""
