"""What an archive answers to the requests of a spider, and which captures one walks.

From the bottom: `spans` of time and the `selection` of captures by a user's filters; an `answer`
as it is read from its record, what it was `asked`, what it has `repeated`; the `choice` of one.
"""
