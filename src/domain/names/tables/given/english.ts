/**
 * Given names of the English-speaking countries that have no line among the Slavic ones, one a line: the name with its
 * spellings, and its short forms. Our own table, from general knowledge of the language.
 *
 *   spellings | short forms
 */
export const ENGLISH_MEN = `
John Johan Johann Johannes Jon | Johnny Jack Jan
James | Jim Jimmy Jamie
Christopher Kristopher | Chris Kit
Christian Kristian | Chris
Henry Heinrich Henri | Harry Hank Hal
Harry |
Jack | Jacky
Oliver | Ollie
Edmund | Ed Ted
Edwin | Ed Eddie
Frederick Frederic Friedrich | Fred Freddie
Francis Franz Frank | Frankie
Franklin | Frank
Geoffrey Jeffrey | Geoff Jeff
Jonathan Jonathon | Jon Johnny
Joshua | Josh
Kenneth | Ken Kenny
Kevin | Kev
Brian Bryan | Bri
Brandon | Bran
Brett |
Ryan |
Aaron | Ron
Alan Allan Allen | Al
Arnold | Arnie
Austin |
Barry |
Blake |
Bradley | Brad
Bruce |
Calvin | Cal
Cameron | Cam
Carlos |
Craig |
Curtis | Curt
Dale |
Darren |
Derek |
Douglas | Doug
Dwight |
Dylan |
Earl |
Edgar | Ed
Elliot Elliott |
Ethan |
Evan |
Gareth |
Gary Garry |
Gavin |
Gerald | Gerry Jerry
Gilbert | Gil Bert
Glenn Glen |
Gordon |
Graham |
Grant |
Harold | Hal Harry
Herbert | Herb Bert
Howard | Howie
Hugh Hugo | Hughie
Ian |
Isaac | Ike
Jason | Jay
Jerome | Jerry
Jesse | Jess
Joel |
Jordan |
Justin |
Keith |
Kyle |
Larry |
Lee |
Leon |
Leonard | Len Lenny Leo
Leroy |
Lewis Louis Luis | Lou
Lloyd |
Logan |
Malcolm | Mal
Marvin |
Mason |
Mitchell | Mitch
Maxwell | Max
Neil Neal |
Nathan Nathaniel | Nate Nat
Noah |
Norman | Norm
Owen |
Patrick | Pat Paddy
Ralph |
Randall | Randy
Raymond | Ray
Reginald | Reg Reggie
Rodney | Rod
Roger | Rog
Ronald | Ron Ronnie
Donald | Don Donnie
Ross |
Roy |
Russell | Russ
Samson |
Scott | Scotty
Sean Shaun Shawn |
Simon | Si
Spencer |
Stanley | Stan
Stuart Stewart | Stu
Terence Terrence Terry | Tel
Todd |
Travis |
Trevor | Trev
Tyler | Ty
Vernon | Vern
Walter | Walt Wally
Wayne |
Wesley | Wes
Willard |
Zachary Zachery | Zach Zack
`;

export const ENGLISH_WOMEN = `
Abigail | Abby Gail
Alison Allison | Ali Allie
Amanda | Mandy
Amber |
Amelia | Amy Millie
Amy |
Andrea | Andie
April |
Ashley Ashleigh | Ash
Audrey |
Barbara | Barb Babs
Beatrice | Bea Trixie
Bethany | Beth
Beverly Beverley | Bev
Brenda | Bren
Bridget | Biddy
Brittany | Britt
Carol Carole | Caz
Charlotte | Lottie Charlie
Chloe |
Cheryl | Cher
Cynthia | Cindy
Dawn |
Deborah Debra | Debbie Deb
Denise |
Dolores |
Donna |
Doris |
Dorothy | Dot Dottie Dolly
Eileen |
Elaine |
Ellie |
Emily | Em Millie
Erin |
Ethel |
Fiona | Fi
Florence | Flo
Frances | Fran
Georgia | Georgie
Gillian Jillian | Gill Jill
Gladys |
Gloria |
Grace | Gracie
Hazel |
Heather |
Holly |
Jacqueline | Jackie
Jane Jayne | Jenny Janey
Janet | Jan Jenny
Janice | Jan
Jean |
Jennifer | Jen Jenny
Jessica | Jess Jessie
Joan |
Joanna Joanne | Jo
Joyce |
Judith Judy | Jude
Karen | Kaz
Kayla |
Kelly |
Kimberly Kimberley | Kim
Laura Lora | Laurie
Lauren | Ren
Leah |
Linda Lynda | Lin Lindy
Lisa |
Lois |
Lori |
Lorraine |
Lucy Lucia | Lu
Lynn Lynne |
Madison | Maddie
Marilyn | Lyn
Marion |
Marjorie | Marge
Martha |
Maureen | Mo
Megan | Meg
Melissa | Mel Missy
Michelle | Shelly Mich
Mildred | Millie
Molly |
Niamh |
Kathleen | Kath Kathy Katie
Aoife |
Siobhan |
Nancy |
Norma |
Olivia | Liv Livvy
Pamela | Pam
Paula |
Peggy |
Penelope | Penny
Phyllis | Phyl
Rachel | Rach
Rebecca | Becky Becca
Robin Robyn |
Ruth | Ruthie
Samantha | Sam
Sandra | Sandy
Sharon | Shaz
Sheila |
Shirley |
Stephanie | Steph
Tammy |
Tara |
Theresa | Terry
Tiffany | Tiff
Tina |
Tracy Tracey |
Vanessa | Nessa
Virginia | Ginny
Wendy |
Yvonne |
Zoe |
`;
